"""One step at a time: answered, left out, taken back; then the next one."""

from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from typing import cast

from field_app.ports import Acting, OcrOf, OcrTarget, Recorded, StepRow, Suggestion
from field_app.state.diagnostics.evidence import MEASURED_UNITS
from field_app.state.entry.entry import Entry
from field_app.state.job.answer import TYPED, Answer, read_answer, written
from field_app.state.job.steps import Steps
from field_app.state.place import OF_STEP, Part
from field_app.state.scanning.identified import Identified
from field_app.state.scanning.proposed import Proposed
from field_app.state.scanning.scanner import Evidence, Scanner
from field_app.state.screen import Forget, every
from field_app.state.workspace import Workspace
from field_core.identity import mac
from field_core.labels import Field
from field_core.operations import Operation
from field_core.problems import Problem, ProblemError


class Doing(StrEnum):
    """What the one big button of a step does."""

    CONFIRM = "confirm"
    SAVE = "save"
    KEEP_FAILING = "keep-failing"
    PHOTO = "photo"
    SIGN = "sign"
    GO_ON = "go-on"
    GO_FIRST = "go-first"


class StepRunner(Steps):
    """A step that is open on the screen."""

    def __init__(self, workspace: Workspace, key: str, row_id: str, *, language: str) -> None:
        super().__init__(workspace, key)
        self.row_id = row_id
        self.language = language
        self.entry = Entry(workspace, key, row_id)
        self.scanner: Scanner | None = None
        """The scanner, while it is in front."""
        self.recorded: Sequence[Recorded] = ()
        """Where the device is recorded that was read or typed here."""
        self.proposed = Proposed(
            workspace, key, OcrTarget(OcrOf.STEP, row_id), took=self._take_proposal
        )
        """What was read late of the label."""
        self._is_filled = False

    def follow(self, tell: Callable[[], None]) -> Forget:
        """A document changes; an attempt to read the label begins and ends."""
        return every(super().follow(tell), self.proposed.follow(tell))

    async def load(self) -> None:
        """Read the job; the first time, take up what was typed here before."""
        await super().load()
        step = self.current
        if step is not None and step.kind == "scan":
            await self.proposed.load()
        if not self._is_filled or self._is_answered_elsewhere:
            await self._fill()

    async def _fill(self) -> None:
        step = self.current
        if step is not None:
            await self.entry.fill(
                written(step, self.language),
                step.note or "",
                source=step.source,
                identity=step.identity,
            )
            self._is_filled = True

    @property
    def _is_answered_elsewhere(self) -> bool:
        """Whether an answer came while the field was empty: read late, or given by another."""
        step = self.current
        return step is not None and not self.entry.typed and bool(written(step, self.language))

    async def _take_proposal(self, proposal: Suggestion) -> None:
        """Put what was read late in the place of what stands here."""

        def take(acts: Acting) -> object:
            return acts.take_suggestion(proposal.ocr, proposal.field)

        def undo(made: object) -> Callable[[Acting], object]:
            return lambda acts: acts.undo(cast("Operation", made), reason="")

        made = await self.workspace.act(take, said="ocr.taken", undo=undo)
        if made is not None:
            await self.entry.forget()
            self.entry.typed = ""
            await self.load()
            await self.look_up()

    @property
    def current(self) -> StepRow | None:
        """The step in front, once it and what was typed are read."""
        return self.step(self.row_id)

    @property
    def is_ready_to_draw(self) -> bool:
        """Whether what was typed before is known: drawn sooner, the field would change its text."""
        return self._is_filled

    @property
    def signed_by(self) -> str | None:
        """Who signed the job."""
        by = self.detail.body.get("signed_by") if self.detail else None
        return str(by) if by else None

    @property
    def answer(self) -> Answer:
        """What was typed, read and checked."""
        step, entry = self.current, self.entry
        if step is None:
            return Answer()
        return read_answer(step, entry.typed, language=self.language, is_serial=entry.is_serial)

    # --- what may be done

    @property
    def can_answer(self) -> bool:
        """Whether the step can be done now."""
        step = self.current
        return step is not None and step.is_open and not self.is_closed

    @property
    def is_answered(self) -> bool:
        """Whether what stands here would be accepted, or kept as a failed reading."""
        step, answer = self.current, self.answer
        if step is None:
            return False
        if step.kind not in TYPED:
            return step.has_evidence
        if answer.problem is None:
            return answer.value is not None
        return self.is_failing

    @property
    def is_failing(self) -> bool:
        """Whether what stands here would be kept as a reading out of its bounds."""
        step = self.current
        return step is not None and step.kind == "reading" and self.answer.is_failing

    @property
    def has_changed(self) -> bool:
        """Whether something stands here that is not kept yet."""
        step = self.current
        if step is None:
            return False
        kept = (written(step, self.language), step.note or "")
        is_new = not step.is_done and not step.is_failed
        return is_new or (self.entry.typed.strip(), self.entry.note.strip()) != kept

    @property
    def can_save(self) -> bool:
        """Whether there is something to keep, and it may be kept."""
        return self.can_answer and self.is_answered and self.has_changed

    @property
    def can_measure(self) -> bool:
        """Whether a diagnosis can answer the step."""
        step = self.current
        return step is not None and step.kind in TYPED and step.unit in MEASURED_UNITS

    @property
    def can_skip(self) -> bool:
        """Whether the step may be left out."""
        step = self.current
        return step is not None and not step.is_settled and not self.is_closed

    @property
    def doing(self) -> Doing | None:
        """What to do now; None when the job is closed."""
        step = self.current
        if step is None or self.is_closed:
            return None
        if not step.is_open:
            return Doing.GO_FIRST
        if step.is_settled and not (self.has_changed and self.is_answered):
            return Doing.GO_ON
        if not step.has_evidence:
            return Doing.PHOTO if step.kind == "photo" else Doing.SIGN
        if step.kind not in TYPED:
            return Doing.CONFIRM
        return Doing.KEEP_FAILING if self.is_failing else Doing.SAVE

    async def do(self) -> None:
        """Do it."""
        match self.doing:
            case Doing.PHOTO:
                await self.open_part(Part.PHOTOS)
            case Doing.SIGN:
                await self.open_part(Part.SIGNATURE)
            case Doing.GO_FIRST if self.current:
                await self.go(next(iter(self.waited_for(self.current)), None))
            case Doing.GO_ON:
                await self.entry.leave()
                self.go_on()
            case _:
                await self.save()

    # --- doing it

    async def save(self) -> bool:
        """Keep the answer and go on; a failed reading stays in front. Tell whether it was kept."""
        answer, note = self.answer, self.entry.note.strip() or None
        if not self.can_save:
            return False
        key, row_id, value = self.key, self.row_id, answer.value
        if answer.is_failing and isinstance(value, float):
            failed = value
            return await self._keep(lambda acts: acts.fail_step(key, row_id, failed, note=note))
        source, identity = self._provenance()

        def act(acts: Acting) -> Operation | Problem:
            return acts.do_step(key, row_id, value, note=note, source=source, identity=identity)

        kept = await self._keep(act)
        if kept:
            self.go_on()
        return kept

    def _provenance(self) -> tuple[str | None, str | None]:
        """Return how the answer of a scan came, and what its label told."""
        if self.current is None or self.current.kind != "scan":
            return None, None
        return self.entry.source, self.entry.identity

    # --- scanning

    async def open_scanner(self) -> None:
        """Have the label read."""
        await self.entry.leave()
        self.scanner = Scanner(
            self.workspace,
            self._scanned,
            close=self._close_scanner,
            evidence=Evidence(self.key, self.row_id, OcrTarget(OcrOf.STEP, self.row_id)),
            takes_photo_alone=True,
        )
        self.changed()

    def _close_scanner(self) -> None:
        self.scanner = None
        self.changed()

    async def _scanned(self, found: Identified) -> None:
        """Put what was read into the field; a photo that nobody could read does the step (T-07)."""
        self._close_scanner()
        if found.best is None:
            await self._keep_photo(found)
            return
        is_serial = Field.MAC not in found.values
        self.entry.take(
            found.best, is_serial=is_serial, source=found.source.value, identity=found.text
        )
        await self.look_up()

    async def _keep_photo(self, found: Identified) -> None:
        key, row_id, note = self.key, self.row_id, self.entry.note.strip() or None
        source = found.source.value
        if await self._keep(lambda acts: acts.do_step(key, row_id, note=note, source=source)):
            self.go_on()

    async def look_up(self) -> None:
        """Find where the device is recorded whose identity stands in the field."""
        value = self.answer.value if self.current and self.current.kind == "scan" else None
        if not isinstance(value, str):
            self.recorded = ()
        else:
            is_mac = mac(value) is not None and not self.entry.is_serial
            marks, serials = (value if is_mac else None), ([] if is_mac else [value])
            read = self.workspace.account.read
            self.recorded = await read(lambda ask: ask.recorded(marks, serials))
        self.changed()

    async def skip(self, reason: str) -> bool:
        """Leave the step out, and go on; tell whether that was kept."""
        key, row_id = self.key, self.row_id
        kept = await self._keep(lambda acts: acts.skip_step(key, row_id, reason))
        if kept:
            self.go_on()
        return kept

    async def _keep(self, act: Callable[[Acting], Operation | Problem]) -> bool:
        """Do it and say so; taking it back leads here again, with what was typed."""
        notices, undo = self.workspace.notices, self._undoing
        try:
            made: Operation = await self.workspace.account.edit(act)
        except ProblemError as error:
            notices.refuse(error.problem)
            return False
        notices.say("notice.saved", undo=undo(made))
        await self.entry.forget()
        await self.load()  # not `refresh`, which leaves the reading to one that is under way
        self.changed()
        return True

    def _undoing(self, made: Operation) -> Callable[[], Awaitable[object]]:
        workspace, entry, step = self.workspace, self.entry, self.current
        place, typed, note = workspace.navigator.place, entry.typed, entry.note
        is_first = step is not None and step.value is None and (typed, note) != ("", "")

        async def undo() -> None:
            await workspace.account.edit(lambda acts: acts.undo(made, reason=""))
            if is_first:  # else the answer before it stands in the field again
                await entry.keep(typed, note)
            await self.load()
            await self._fill()
            self.changed()
            workspace.navigator.go(place)

        return undo

    # --- going elsewhere

    @property
    def before(self) -> StepRow | None:
        """The step before this one in the list."""
        return self._beside(-1)

    @property
    def after(self) -> StepRow | None:
        """The step after this one in the list."""
        return self._beside(1)

    def _beside(self, by: int) -> StepRow | None:
        ids = [step.id for step in self.steps]
        at = ids.index(self.row_id) + by if self.row_id in ids else -1
        return self.steps[at] if 0 <= at < len(ids) else None

    def go_on(self) -> None:
        """Open the next step that can be done, else a required one before; else the list."""
        number = self.current.number if self.current else 0
        ready = [step for step in self.steps if step.is_open and not step.is_settled]
        after = [step for step in ready if step.number > number]
        before = [step for step in ready if step.number < number and step.is_required]
        self.open(Part.STEPS, next((step.id for step in (*after, *before)), None))

    async def go(self, step: StepRow | None) -> None:
        """Go to another step, or to the list."""
        await self.entry.leave()
        self.open(Part.STEPS, step.id if step else None)

    async def open_part(self, part: Part) -> None:
        """Go to where the photo is taken or the signature given; “back” leads here again."""
        await self.entry.leave()
        self.open(part, f"{OF_STEP}{self.row_id}")
