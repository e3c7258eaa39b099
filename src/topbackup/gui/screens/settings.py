"""Configurações: config.json, validated as it is typed and saved whole; and how this person likes the window."""

from collections.abc import Iterator, Sequence
from tkinter import filedialog
from typing import Any

from topbackup.errors import TopBackupError
from topbackup.gui import settings_form as form
from topbackup.gui.head import Action
from topbackup.gui.screens.page import Head, Page
from topbackup.gui.settings_form import FieldSpec
from topbackup.gui.theme import GAP, PAD, SCALES, WIDE, Tone
from topbackup.gui.widgets.buttons import Button, Kind
from topbackup.gui.widgets.field import Check, Choice, Field
from topbackup.gui.widgets.panel import Banner, Plain, Scrolled, Sheet
from topbackup.gui.widgets.text import Heading, Soft
from topbackup.i18n import _
from topbackup.settings import Settings
from topbackup.settings_file import load, save


class SettingsPage(Page):
    name = "settings"
    icon_name = "settings"

    @staticmethod
    def title() -> str:
        return _("Settings")

    def build(self) -> Iterator[None]:
        self._settings: Settings | None = None
        self.fields: dict[str, Field | Choice | Check] = {}
        self._scroll = Scrolled(self)
        self._scroll.pack(fill="both", expand=True)
        head = Head(self._scroll, self.title())
        head.pack(fill="x", padx=WIDE, pady=(WIDE - 4, GAP))
        Button(head.doings, _("Run the setup again…"), lambda: self.app.act(Action.SET_UP)).pack(side="left")
        yield
        self._known: dict[str, str | bool] = {}
        yield from self._window_part()
        self._unreadable = Banner(self._scroll)
        for heading, specs in form.GROUPS:
            sheet = self._part(_(heading))
            yield from self._put_all(sheet, specs)
        bar = Plain(self)
        bar.pack(fill="x", side="bottom", padx=WIDE, pady=(GAP, PAD), before=self._scroll._parent_frame)
        self.save_button = Button(bar, _("Save"), self._save, kind=Kind.PRIMARY)
        self.save_button.pack(side="left")
        self._undo = Button(bar, _("Undo"), self._read)
        self._undo.pack(side="left", padx=GAP)
        self._state = Soft(bar, "")
        self._state.pack(side="left", fill="x", expand=True, padx=GAP)
        self.winfo_toplevel().bind(
            "<Control-s>", lambda _event: self._save() if self.winfo_exists() and self.winfo_ismapped() else None
        )
        self._read()

    def shown(self, **wishes: Any) -> None:
        if not self._changed():
            self._read()

    @property
    def values(self) -> dict[str, str | bool]:
        return {name: field.value for name, field in self.fields.items()}

    def _window_part(self) -> Iterator[None]:
        sheet, window = self._part(_("This window, for you")), self.app.window
        row = Plain(sheet)
        row.pack(fill="x", padx=PAD, pady=(0, PAD))
        languages = (("pt_BR", "Português (Brasil)"), ("en", "English"))
        appearances = (("system", _("As the system")), ("light", _("Light")), ("dark", _("Dark")))
        scales = tuple((str(percent), f"{percent} %") for percent in SCALES)
        self.language = Choice(
            row, _("Language"), languages, changed=lambda: self._like("language", self.language.value)
        )
        self.appearance = Choice(
            row, _("Appearance"), appearances, changed=lambda: self._like("appearance", self.appearance.value)
        )
        self.scale = Choice(row, _("Size"), scales, changed=lambda: self._like("scale", int(self.scale.value)))
        self.language.set(window.preferences.language)
        self.appearance.set(window.preferences.appearance)
        self.scale.set(str(window.preferences.scale))
        for column, choice in enumerate((self.language, self.appearance, self.scale)):
            row.grid_columnconfigure(column, weight=1, uniform="third")
            choice.grid(row=0, column=column, sticky="ew", padx=(0 if column == 0 else GAP, 0))
            yield

    def _like(self, name: str, value: Any) -> None:
        """After this event: the choice itself goes with the frame that is made anew. What is typed would go, too."""
        app = self.app
        if self._changed():
            choice = {"language": self.language, "appearance": self.appearance, "scale": self.scale}[name]
            choice.set(str(getattr(app.window.preferences, name)))
            app.say(Tone.ATTENTION, _("Save or undo first: this change builds the page anew."))
            return

        def change() -> None:
            app.window.change(**{name: value})
            app.go("settings")

        app.window.after(30, change)

    def _part(self, heading: str) -> Sheet:
        sheet = Sheet(self._scroll)
        sheet.pack(fill="x", padx=WIDE, pady=(0, PAD))
        Heading(sheet, heading).pack(anchor="w", padx=PAD, pady=(PAD, GAP))
        return sheet

    def _put_all(self, sheet: Sheet, specs: Sequence[FieldSpec]) -> Iterator[None]:
        """Two beside each other; what holds a path has the whole line."""
        room = Plain(sheet)
        room.pack(fill="x", padx=PAD, pady=(0, PAD - GAP))
        for column in (0, 1):
            room.grid_columnconfigure(column, weight=1, uniform="half")
        place = 0
        for spec in specs:
            wide = spec.wide
            place += place % 2 if wide else 0
            self._make(room, spec).grid(
                row=place // 2, column=place % 2, columnspan=2 if wide else 1, sticky="new",
                padx=(0 if place % 2 == 0 else GAP, 0 if wide or place % 2 else GAP), pady=(0, GAP),
            )  # fmt: skip
            place += 2 if wide else 1
            yield

    def _make(self, sheet: Plain, spec: FieldSpec) -> Field | Choice | Check:
        label, hint = _(spec.label), _(spec.hint)
        field: Field | Choice | Check
        if spec.kind == "flag":
            field = Check(sheet, label, changed=self._look)
        elif spec.kind == "choice":
            field = Choice(sheet, label, [(code, _(words)) for code, words in spec.options], changed=self._look)
        else:
            browse = {"folder": self._browse_folder, "file": self._browse_file}.get(spec.kind)
            field = Field(sheet, label, hint=hint, secret=spec.kind == "secret", browse=browse, changed=self._look)
        self.fields[spec.name] = field
        return field

    def _read(self) -> None:
        self.app.window.background.run(lambda: load(self.app.config), self._show, self._cannot_read, owner=self)

    def _show(self, settings: Settings) -> None:
        self._settings = settings
        self._unreadable.pack_forget()
        stored = form.stored_secrets(settings)
        for name, value in form.values_of(settings).items():
            field = self.fields[name]
            if isinstance(field, Check):
                field.set(bool(value))
            else:
                field.set(str(value))
            if isinstance(field, Field) and name in stored:
                field.hint(_("One is stored, and is shown to nobody. Empty: it stays."))
        self._known = self.values
        self._look()

    def _cannot_read(self, error: TopBackupError) -> None:
        self._unreadable.show(Tone.FAILED, f"{error.code}: {error.sentence}", _(error.problem.mend))
        self._unreadable.pack(fill="x", padx=WIDE, pady=(0, PAD), before=self._scroll.winfo_children()[1])
        self.save_button.usable(False)

    def _changed(self) -> bool:
        return bool(self._known) and self.values != self._known

    @property
    def unsaved(self) -> bool:
        return hasattr(self, "_known") and self._changed()  # it may not be built yet

    def _look(self) -> None:
        wrong = form.wrong(self.values)
        for name, field in self.fields.items():
            if isinstance(field, Field):
                field.say(wrong.get(name, ""))
        changed = self._changed()
        self.save_button.usable(changed and not wrong and self._settings is not None)
        self._undo.usable(changed)
        if wrong:
            self._state.set(
                _("To correct: {fields}").format(fields=", ".join(self.fields[name].label for name in wrong))
            )
        else:
            self._state.set(_("Not saved yet.") if changed else "")

    def _save(self) -> None:
        if self._settings is None or not self._changed() or form.wrong(self.values):
            return
        changes, before = form.changes(self._known, self.values), self._settings

        def work() -> tuple[Settings, bool]:
            # As the file is now: what others changed since this page read it stays.
            now = load(self.app.config)
            fresh = form.apply(now, {**form.values_of(now), **changes})
            save(fresh, self.app.config)
            return fresh, now != before

        def done(result: tuple[Settings, bool]) -> None:
            fresh, others = result
            self._show(fresh)
            for spec in form.FIELDS:
                if spec.kind == "secret":
                    self.fields[spec.name].set("")
            self._known = self.values
            self._look()
            words = _("The file had been changed elsewhere since this page read it: that is kept.")
            self.app.say(Tone.OK, _("Saved. The agent works with it from now on."), words if others else "")
            self.app.ask("reload", failed=self._not_heard)

        self.app.window.background.run(work, done, self.app.tell, owner=self)

    def _not_heard(self, error: TopBackupError) -> None:
        """It looks at the file itself each half minute."""
        self.app.say(
            Tone.ATTENTION,
            _("Saved. The agent reads it within a minute."),
            f"{error.code}: {error.sentence}",
        )

    def _browse_folder(self) -> str:
        return str(filedialog.askdirectory(parent=self, mustexist=True) or "")

    def _browse_file(self) -> str:
        return str(filedialog.askopenfilename(parent=self) or "")
