"""The shipped catalogue is read once, beside what else happens, and says itself what is wrong with it."""

from __future__ import annotations

import threading
import time

import pytest

import synclens
from synclens import catalogue


def test_the_catalogue_is_read_once_however_many_ask_while_it_is_read(monkeypatch):
    read = []

    class Slow:
        @staticmethod
        def load(folders, with_entries):
            read.append(folders)
            time.sleep(0.05)
            return object()

    monkeypatch.setattr(catalogue._core, "Catalogue", Slow)
    catalogue._load.cache_clear()
    try:
        catalogue.load_ahead()
        assert catalogue.load() is catalogue.load()
        assert len(read) == 1
    finally:
        catalogue._load.cache_clear()


def test_what_is_wrong_with_the_catalogue_is_said_by_who_asks_for_it(monkeypatch):
    class Broken:
        @staticmethod
        def load(folders, with_entries):
            raise synclens.CatalogueError("no such rule")

    monkeypatch.setattr(catalogue._core, "Catalogue", Broken)
    catalogue._load.cache_clear()
    try:
        catalogue.load_ahead()
        with pytest.raises(synclens.CatalogueError, match="no such rule"):
            catalogue.load()
    finally:
        catalogue._load.cache_clear()


def test_without_room_for_a_thread_the_catalogue_is_read_when_it_is_asked_for(monkeypatch):
    def full(_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", full)
    catalogue.load_ahead()
    assert catalogue.load().version
