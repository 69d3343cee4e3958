"""Addresses of notes, landlords and companies, moving in and out, and vacant locations."""

from django.urls import path

from customers.web import (
    bank_draft,
    companies,
    holdings,
    landlords,
    move_in,
    move_in_change,
    notes,
    standing,
    vacant,
)

PATHS = [
    path("accounts/<str:number>/notes/new/", notes.new, name="note_new"),
    path("accounts/<str:number>/bank-draft/new/", bank_draft.new, name="bank_draft_new"),
    path("bank-drafts/<int:draft_id>/", bank_draft.draft, name="bank_draft"),
    path("notes/<int:note_id>/unpin/", notes.unpin, name="note_unpin"),
    path("accounts/<str:number>/end/", move_in.move_out, name="move_out"),
    path("move-ins/", move_in.move_in_list, name="move_ins"),
    path("move-ins/new/", move_in.move_in_new, name="move_in_new"),
    path("move-ins/earlier/", move_in.earlier, name="earlier"),
    path("move-ins/<int:move_in_id>/change/", move_in_change.change, name="move_in_change"),
    path("move-ins/<int:move_in_id>/withdraw/", move_in.withdraw, name="move_in_withdraw"),
    path("payment-records/", standing.record_list, name="records"),
    path("payment-records/<int:standing_id>/reset/", standing.reset, name="record_reset"),
    path("vacant/", vacant.vacant_list, name="vacant"),
    path("landlords/", landlords.landlord_list, name="landlords"),
    path("landlords/new/", landlords.landlord_new, name="landlord_new"),
    path("landlords/options/", landlords.landlord_options, name="landlord_options"),
    path("landlords/<int:landlord_id>/", landlords.landlord, name="landlord"),
    path("landlords/<int:landlord_id>/change/", landlords.landlord_change, name="landlord_change"),
    path("landlords/<int:landlord_id>/locations/new/", holdings.holding_new, name="holding_new"),
    path("holdings/<int:holding_id>/", holdings.holding, name="holding"),
    path("companies/", companies.company_list, name="companies"),
    path("companies/new/", companies.company_new, name="company_new"),
    path("companies/options/", companies.company_options, name="company_options"),
    path("companies/<int:company_id>/", companies.company, name="company"),
    path("companies/<int:company_id>/change/", companies.company_change, name="company_change"),
]
