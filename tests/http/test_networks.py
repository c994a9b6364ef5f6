"""How exactly we look at where a request comes from."""

import pytest
from flask import Request
from werkzeug.test import create_environ

from directory.http.sign_ins import machine_of, network_of


@pytest.mark.parametrize(
    ("address", "network", "machine"),
    [
        ("203.0.113.7", "203.0.113.0/24", "203.0.113.7/32"),
        ("::ffff:203.0.113.7", "203.0.113.0/24", "203.0.113.7/32"),
        ("2001:db8:1234:5678::9", "2001:db8:1234:5600::/56", "2001:db8:1234:5678::/64"),
        ("", "unknown", "unknown"),
    ],
)
def test_a_network_is_a_street_and_a_machine_is_a_house(address: str, network: str, machine: str) -> None:
    asked = Request(create_environ(environ_overrides={"REMOTE_ADDR": address}))
    assert (network_of(asked), machine_of(asked)) == (network, machine)
