"""Mailboxes: which addresses are read by the same person. To compare, never to send to."""

# Their owners may put dots anywhere.
_WITHOUT_DOTS = frozenset({"gmail.com", "googlemail.com"})


def mailbox(address: str) -> str:
    """One spelling for addresses that lead to one mailbox: without case, without what stands behind a plus.

    `Wren.Hallowby+tsubo@Googlemail.com` is `wrenhallowby@gmail.com`.
    """
    local, _, domain = address.strip().lower().rpartition("@")
    name = local.split("+", 1)[0] or local
    if domain in _WITHOUT_DOTS:
        name, domain = name.replace(".", ""), "gmail.com"
    return f"{name}@{domain}"
