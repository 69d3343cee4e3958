"""The icons of the screens, by their names in the Tabler set.

``scripts/vendor_assets.py`` gathers exactly these into ``static/ui/icons.svg``; an icon that is not named
here is refused when a template asks for it, so a blank square never reaches a clerk.
"""

ICONS: frozenset[str] = frozenset(
    """
    home users user user-circle gauge player-play player-stop player-pause cash-register report-analytics
    file-import file-export receipt-tax receipt adjustments list-check shield-check search sun moon help-circle
    menu-2 x check circle-check circle-x circle circle-dashed alert-triangle alert-circle info-circle clock
    hourglass lock lock-open ban arrow-up arrow-down arrows-sort arrow-back-up arrow-right chevron-right
    chevron-left chevron-down columns-3 download file-type-csv file-spreadsheet file-text filter droplet
    droplet-off cash credit-card calendar map-pin phone mail logout printer pencil plus minus dots
    heart-handshake heartbeat note tool bolt flame trash refresh eye eye-off history calculator external-link
    flag snowflake scale progress building building-bank door-exit key device-mobile chart-bar route gavel coin
    square-check inbox stack-2 school keyboard coins transfer link star upload barcode
    """.split()
)
