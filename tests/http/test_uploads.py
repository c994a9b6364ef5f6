"""Only forms that bring a file may send much."""

from werkzeug.datastructures import MultiDict

from tests.factories.listings import make_kept
from tests.members import Member, filled, form_of

STEP = "/member/listing/words"
BOUNDARY = "a-line-between"


def send(member: Member, address: str, content: bytes) -> str:
    """Send the form of the step with a file of this content, as one body in memory; the status and what is said."""
    fields = MultiDict(filled(form_of(member.get(STEP), STEP), {}))
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in fields.items(multi=True)
    ]
    file = 'Content-Disposition: form-data; name="photo"; filename="x.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    lines = [f"--{BOUNDARY}\r\n{part}\r\n".encode() for part in parts if 'form-data; name="photo"' not in part]
    body = b"".join([*lines, f"--{BOUNDARY}\r\n{file}".encode(), content, f"\r\n--{BOUNDARY}--\r\n".encode()])
    answer = member._raw_post(address, data=body, content_type=f"multipart/form-data; boundary={BOUNDARY}")
    return f"{answer.status_code} {answer.get_data(as_text=True)}"


def test_a_form_with_a_photograph_may_send_more_than_others(member: Member) -> None:
    assert member.account is not None
    make_kept(member.account)
    large = send(member, STEP, b"\xff\xd8" + bytes(9_000_000))
    assert large.startswith("422")
    assert "We cannot read this file as a photograph." in large
    above = send(member, STEP, bytes(10_500_000))
    assert above.startswith("422")
    assert "larger than 10 MB" in above
    assert send(member, STEP, bytes(12_000_000)).startswith("413")


def test_others_may_not(member: Member) -> None:
    assert member.account is not None
    make_kept(member.account)
    for address in ("/member/sign-out", "/member/sign-in", "/member/listing/check"):
        assert send(member, address, bytes(2_000_000)).startswith("413")
