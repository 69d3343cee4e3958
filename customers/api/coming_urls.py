"""Addresses of the endpoints of notes, landlords and companies, moving in and out, vacant locations."""

from django.urls import path

from customers.api import bank_draft, landlords, move_in, notes, standing

PATHS = [
    path("accounts/<int:account_id>/notes/", notes.AccountNotesView.as_view(), name="account_notes"),
    path(
        "accounts/<int:account_id>/bank-drafts/",
        bank_draft.AccountDraftsView.as_view(),
        name="account_bank_drafts",
    ),
    path("bank-drafts/<int:draft_id>/", bank_draft.DraftView.as_view(), name="bank_draft"),
    path("notes/<int:note_id>/unpin/", notes.NoteUnpinView.as_view(), name="note_unpin"),
    path("accounts/<int:account_id>/end/", move_in.AccountEndView.as_view(), name="account_end"),
    path("move-ins/", move_in.MoveInsView.as_view(), name="move_ins"),
    path("move-ins/<int:move_in_id>/", move_in.MoveInView.as_view(), name="move_in"),
    path(
        "move-ins/<int:move_in_id>/withdraw/",
        move_in.MoveInWithdrawView.as_view(),
        name="move_in_withdraw",
    ),
    path("earlier-bills/", move_in.EarlierBillsView.as_view(), name="earlier_bills"),
    path("payment-records/", standing.RecordsView.as_view(), name="payment_records"),
    path("payment-records/<int:standing_id>/", standing.RecordView.as_view(), name="payment_record"),
    path(
        "payment-records/<int:standing_id>/reset/",
        standing.RecordResetView.as_view(),
        name="payment_record_reset",
    ),
    path("vacant-locations/", move_in.VacantView.as_view(), name="vacant_locations"),
    path("landlords/", landlords.LandlordsView.as_view(), name="landlords"),
    path("landlords/<int:landlord_id>/", landlords.LandlordView.as_view(), name="landlord"),
    path(
        "landlords/<int:landlord_id>/holdings/",
        landlords.LandlordHoldingsView.as_view(),
        name="landlord_holdings",
    ),
    path("holdings/<int:holding_id>/", landlords.HoldingView.as_view(), name="holding"),
    path("companies/", landlords.CompaniesView.as_view(), name="companies"),
    path("companies/<int:company_id>/", landlords.CompanyView.as_view(), name="company"),
]
