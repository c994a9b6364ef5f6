"""Claims at the desk: the queue, one claim on one screen, and what is done there."""

from flask import Blueprint

from directory.web.admin.claims import deciding, work

PARTS: tuple[Blueprint, ...] = (deciding.bp, work.bp)
