"""Where the database and the playbook folder are, and how they are opened."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from crisis.errors import GitError
from crisis.playbooks.folder import Folder
from crisis.settings import Settings, secret_key
from crisis.sources.veil import veiled
from crisis.store import Store
from crisis.store.pool import Pool
from crisis.types import Image, Playbook


def open_store(settings: Settings, pool: Pool | None = None) -> Store:
    """The installation's database, made or brought up to date where need be; ``pool`` may have it open."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    store = Store(settings.database) if pool is None else pool.take(settings.database)
    # The key is read when the first name comes: whoever only looks needs none.
    store.posts.veil = lambda name: veiled(name, secret_key(settings.instance).encode())
    return store


def store_pool() -> Pool:
    """For doors that need a store for a moment again and again."""
    return Pool()


def commit(
    settings: Settings, playbook: Playbook, *, name: str, email: str, message: str
) -> GitError | None:
    """A saved playbook and its pictures as a commit, where the settings want that; why it failed, if so."""
    if not settings.playbooks.git:
        return None
    from crisis.playbooks.git_folder import GitFolder

    folder = Folder(settings.playbook_folder)
    there = set(folder.pictures.names())
    files = [f"{playbook.name}.md", *(p.file for p in playbook.pictures if p.file in there)]
    try:
        GitFolder(folder.path).commit(files, name=name, email=email, message=message)
    except GitError as error:
        logging.getLogger("crisis.playbooks").warning("%s: %s", playbook.name, error.de)
        return error
    return None


class Shelf:
    """The playbook folder as workflows see it: what can be read, and a way to save."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    def playbooks(self) -> Sequence[Playbook]:
        return self._folder.load().playbooks

    def whole(self, name: str, text: str) -> str:
        return self._folder.whole(name, text).text

    def save(self, name: str, text: str, expected_sha256: str | None) -> str:
        return self._folder.save(name, text, expected_sha256)

    def picture(self, file: str) -> Image:
        pictures = self._folder.pictures
        what = pictures.look(file)
        return Image(
            content=pictures.content(file),
            media_type=what.media_type,
            alt="",
            width=what.width,
            height=what.height,
        )
