"""Codes that customers and accounts carry."""

from core.codes import CodeKind

CODE_KINDS = (
    CodeKind(
        "category", "Categories", "What an account is, for totals and rates.",
        (
            ("commercial", "Commercial"), ("industrial", "Industrial"), ("public", "Public"),
            ("residential", "Residential"),
        ),
    ),
    CodeKind("demographics", "Demographics", "Who the customers are, for the utility’s own counting."),
    CodeKind("bank", "Banks", "Banks that customers pay through, by their code here."),
    CodeKind("customer_type", "Landlord types", "What kind of landlord: owner, agency, authority."),
)  # fmt: skip
