"""Bar codes: what they hold, what they refuse, and the postal patterns."""

from decimal import Decimal

import pytest

from core.barcodes import (
    BarcodeRefused,
    IntelligentMail,
    Postnet,
    bill_code,
    code128_svg,
    mail_svg,
    qr_svg,
    read_bill_code,
    read_receipt_code,
    receipt_code,
)

# Tracking 01 234 567094 987654321; the pattern with eleven digits is printed in USPS-B-3200.
IMB_PATTERNS = {
    "": "ATTFATTDTTADTAATTDTDTATTDAFDDFADFDFTFFFFFTATFAAAATDFFTDAADFTFDTDT",
    "01234": "DTTAFADDTTFTDTFTFDTDDADADAFADFATDDFTAAAFDTTADFAAATDFDTDFADDDTDFFT",
    "012345678": "ADFTTAFDTTTTFATTADTAAATFTFTATDAAAFDDADATATDTDTTDFDTDATADADTDFFTFA",
    "01234567891": "AADTFFDFTDADTAADAATFDTDDAAADDTDTTDAFADADDDTFFFDDTTTADFAAADFTDAADA",
}


def imb(routing: str = "", serial: str = "987654321") -> IntelligentMail:
    return IntelligentMail("567094", serial, routing, barcode_id="01", service_type="234")


@pytest.mark.parametrize("routing", IMB_PATTERNS)
def test_an_intelligent_mail_bar_code_equals_the_published_pattern(routing: str) -> None:
    assert imb(routing).bars == IMB_PATTERNS[routing]


def test_the_drawing_of_an_intelligent_mail_bar_code_has_one_path_of_65_bars() -> None:
    svg = mail_svg(imb("01234"))
    assert svg.count("<path") == 1
    assert svg.count("z") == 65


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"mailer_id": "567094", "serial": "987654321", "routing": "1234"}, "5, 9 or 11"),
        ({"mailer_id": "5670941", "serial": "98765432"}, "6 and 9"),
        ({"mailer_id": "567094", "serial": "987654321", "barcode_id": "07"}, "from 0 to 4"),
        ({"mailer_id": "567094", "serial": "98765432A"}, "digits alone"),
        ({"mailer_id": "567094", "serial": "987654321", "service_type": "70"}, "3 digits"),
    ],
)
def test_a_wrong_part_of_a_mail_piece_is_refused_with_its_remedy(parts: dict[str, str], told: str) -> None:
    with pytest.raises(BarcodeRefused, match=told):
        IntelligentMail(**parts)


def test_postnet_sums_its_digits_to_a_ten() -> None:
    # 55555-1237 sums to 38, so the check digit is 2, coded ..|.| before the last frame bar.
    assert (
        Postnet("555551237").bars == "|" + ".|.|." * 5 + "...||" + "..|.|" + "..||." + "|...|" + "..|.|" + "|"
    )


def test_postnet_is_drawn_as_one_path_and_refuses_a_short_zip() -> None:
    assert mail_svg(Postnet("55555")).count("<path") == 1
    with pytest.raises(BarcodeRefused, match="5, 9 or 11"):
        Postnet("5555")


def test_a_bill_code_holds_account_and_cents() -> None:
    assert bill_code("10-04821-00", Decimal("198.98")) == "A10-04821-00*19898"
    assert read_bill_code("A10-04821-00*19898\r\n") == ("10-04821-00", 19898)


def test_a_credit_is_coded_as_nothing_to_pay() -> None:
    assert read_bill_code(bill_code("77", Decimal("-12.50"))) == ("77", 0)


@pytest.mark.parametrize(
    "scan", ["", "R000123", "A12*", "A*5", "A12*5*6", "A12*-5", "0123456789012", "A1 2*5"]
)
def test_another_scan_is_no_bill(scan: str) -> None:
    with pytest.raises(BarcodeRefused, match="not the bar code of a bill"):
        read_bill_code(scan)


@pytest.mark.parametrize("number", ["", "12*3", "a12", "12 3", "1" * 21])
def test_an_account_number_no_bar_code_can_hold_is_refused(number: str) -> None:
    with pytest.raises(BarcodeRefused, match="Account number"):
        bill_code(number, Decimal("1.00"))


def test_a_receipt_code_is_read_back_and_is_no_bill() -> None:
    assert read_receipt_code(receipt_code("000123")) == "000123"
    with pytest.raises(BarcodeRefused):
        read_receipt_code("A12*500")
    with pytest.raises(BarcodeRefused):
        receipt_code("12*3")


def test_a_symbol_escapes_its_label_and_refuses_what_it_cannot_code() -> None:
    assert "<b>" not in code128_svg("A1*2", label='<b>"&')
    assert code128_svg("A1*2").count("<path") == 1
    with pytest.raises(BarcodeRefused):
        code128_svg("zwölf")


def test_a_qr_code_is_one_path() -> None:
    assert qr_svg("https://example.org/pay").count("<path") == 1
