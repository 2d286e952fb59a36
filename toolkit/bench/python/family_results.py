"""Holds what Lorikeet has made of the families' checkpoints against transformers, PEFT and llama.cpp."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import outcome
import torch
from family_checkpoints import ADAPTERS, CONVERSATION, PROMPT, TOKENS, logits
from family_settings import Setting
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig, PreTrainedTokenizerFast

LOGITS = 1e-4
SAME_WEIGHTS = 1e-6
LOSS = 1e-3
NORM_SHARE = 5e-3

COLUMNS = ("safetensors in", "safetensors out", "GGUF in", "GGUF out", "LoRA", "QLoRA", "chat")


@dataclass
class Result:
    """What was found for a setting: by column what is wrong, figures and remarks for the reader, and the columns that
    could not be tried."""

    setting: Setting
    problems: dict[str, list[str]] = field(default_factory=lambda: {column: [] for column in COLUMNS})
    figures: dict[str, float] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    untried: set[str] = field(default_factory=set)

    def wrong(self) -> bool:
        return any(self.problems.values())

    def expect(self, column: str, holds: bool, problem: str) -> None:
        if not holds:
            self.problems[column].append(problem)

    def within(self, column: str, what: str, figure: str, difference: float, tolerance: float) -> None:
        self.figures[figure] = max(self.figures.get(figure, 0.0), difference)
        self.expect(column, difference <= tolerance, f"{what} differ by {difference:.2g}, more than {tolerance:g}")

    def mark(self, column: str) -> str:
        return "✗" if self.problems[column] else "–" if column in self.untried else "✓"

    def line(self) -> str:
        marks = "  ".join(f"{column} {self.mark(column)}" for column in COLUMNS)
        figures = ", ".join(f"{name} {value:.1g}" for name, value in self.figures.items())
        lines = [f"{self.setting.path:<33} {marks}  ({figures})"]
        return "\n".join(lines + [f"    {text}" for text in [*self.all_problems(), *self.remarks]])

    def all_problems(self) -> list[str]:
        """Each with the columns that it is in."""
        columns: dict[str, list[str]] = {}
        for column in COLUMNS:
            for problem in dict.fromkeys(self.problems[column]):
                columns.setdefault(problem, []).append(column)
        return [f"{', '.join(names)}: {problem}" for problem, names in columns.items()]


def stack() -> str:
    return outcome.stack(("PEFT", "bitsandbytes", "transformers", "torch", "xllamacpp"))


def compare(settings: list[Setting], folder: Path) -> list[Result]:
    results = [Result(setting) for setting in settings]
    for result in results:
        place = folder / result.setting.path
        ours = json.loads((place / "ours.json").read_text("utf-8"))
        expected = torch.load(place / "expected.pt")
        for check in (safetensors_in, safetensors_out, gguf_in, lora, qlora, chat):
            check(result, place, ours, expected)
    with_llama_cpp(results, folder)
    return results


# ---- parts -----------------------------------------------------------------------------------------------------


def part(result: Result, column: str, ours: dict[str, Any], name: str, check: Callable[[Any], None]) -> None:
    """Checks a part of what Lorikeet has found, or says why it found nothing."""
    if name in ours:
        check(ours[name])
    else:
        result.problems[column].append(reason(ours, name))


def reason(ours: dict[str, Any], name: str) -> str:
    """Why Lorikeet has not found something: because of itself, or of what has to be there first."""
    failed = ours["failed"]
    adapter = next((f"adapter_{adapter}" for adapter in ADAPTERS if name.endswith(adapter)), "")
    base = "load_nf4" if name.startswith("nf4") else "load_gguf"
    first = next((key for key in (name, "load_safetensors", base, adapter, "gguf") if key in failed), None)
    return f"{first}: {failed[first]}" if first else f"{name} is missing"


def distance(ours: list, theirs: torch.Tensor) -> float:
    found = torch.tensor(ours)
    return float("inf") if found.shape != theirs.shape else (found - theirs).abs().max().item()


def safetensors_in(result: Result, place: Path, ours: dict[str, Any], expected: dict[str, Any]) -> None:
    column = "safetensors in"

    def near(name: str) -> None:
        part(result, column, ours, name, lambda found: result.within(
            column, name, "logits", max(map(distance, found, expected[name])) if name == "padded"
            else distance(found, expected[name]), LOGITS))

    def same(name: str) -> None:
        # Where positions depend on the length, keys in a cache are those of a shorter text in transformers.
        right = [expected[name]] + ([expected[f"{name}_without_cache"]] if result.setting.depends_on_length
                                    and f"{name}_without_cache" in expected else [])
        part(result, column, ours, name, lambda found: result.expect(
            column, found in right, f"{name}: {found}, expected {right[0]}"))

    near("logits")
    near("padded")
    for name in ("ids", "greedy", "greedy_without_cache", "greedy_rows"):
        same(name)


def safetensors_out(result: Result, place: Path, ours: dict[str, Any], expected: dict[str, Any]) -> None:
    column = "safetensors out"

    def loads(_: str) -> None:
        try:
            model, loading = AutoModelForCausalLM.from_pretrained(place / "ours", dtype=torch.float32,
                                                                  output_loading_info=True)
            cut = AutoTokenizer.from_pretrained(place / "ours")
        except Exception as error:  # whatever transformers makes of a file that it cannot read
            result.problems[column].append(f"transformers does not load it: {error}")
            return
        missing = {kind: names for kind, names in loading.items() if names}
        result.expect(column, not missing, f"transformers says {missing}")
        result.within(column, "logits", "saved logits", (logits(model, expected["ids"]) - expected["logits"]).abs().max().item(),
                      SAME_WEIGHTS)
        # Which for some types of models is not the tokenizer of tokenizer.json.
        right = AutoTokenizer.from_pretrained(place / "model")
        result.expect(column, cut.encode(PROMPT) == right.encode(PROMPT), f"the prompt's ids are {cut.encode(PROMPT)}")
        result.expect(column, chats(cut) == chats(right), f"a chat is {chats(cut)}")

    part(result, column, ours, "folder", loads)


def gguf_in(result: Result, place: Path, ours: dict[str, Any], expected: dict[str, Any]) -> None:
    column = "GGUF in"
    if refused(result.setting, ours):
        result.remarks.append(f"no GGUF file, because: {ours['failed']['gguf']}")
        result.untried |= {"GGUF in", "GGUF out"}
        return
    part(result, column, ours, "gguf_ids", lambda found: result.expect(
        column, found == expected["ids"], f"the prompt's ids are {found}"))
    part(result, column, ours, "gguf_logits", lambda found: result.within(
        column, "logits", "GGUF logits", distance(found, expected["logits"]), LOGITS))
    part(result, column, ours, "gguf_greedy", lambda found: result.expect(
        column, found == ours.get("greedy"), f"greedy: {found}, expected {ours.get('greedy')}"))


def refused(setting: Setting, ours: dict[str, Any]) -> bool:
    """Whether we have refused to write a GGUF file that llama.cpp would take for another model."""
    return bool(setting.not_in_llama_cpp) and "gguf" in ours["failed"]


# ---- a step of LoRA --------------------------------------------------------------------------------------------


def peft_step(place: Path, adapter: str, rows: list[list[int]], nf4: bool) -> tuple[float, float]:
    """Loss and norm of the gradients on rows of which every token but the first is to be predicted."""
    form = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.float32)
    how = {"quantization_config": form, "device_map": {"": "cpu"}} if nf4 else {}
    base = AutoModelForCausalLM.from_pretrained(place / "model", dtype=torch.float32, **how)
    model = PeftModel.from_pretrained(base, place / adapter, is_trainable=True)
    width = max(map(len, rows))
    ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    loss = model(input_ids=ids, attention_mask=mask, labels=ids.masked_fill(mask == 0, -100)).loss
    loss.backward()
    gradients = [parameter.grad for parameter in model.parameters() if parameter.requires_grad]
    return loss.item(), torch.sqrt(sum(gradient.square().sum() for gradient in gradients)).item()


def steps(result: Result, column: str, place: Path, ours: dict[str, Any], nf4: bool) -> None:
    prefix = "nf4_" if nf4 else ""
    for adapter in ADAPTERS:
        def near(found: dict[str, Any], adapter: str = adapter) -> None:
            loss, norm = peft_step(place, adapter, found["rows"], nf4)
            result.within(column, f"losses of {adapter}", f"{prefix}loss", abs(found["loss"] - loss), LOSS)
            result.within(column, f"gradient norms of {adapter}", f"{prefix}norm share",
                          abs(found["gradientNorm"] / norm - 1), NORM_SHARE)
        part(result, column, ours, f"{prefix}step_{adapter}", near)


def lora(result: Result, place: Path, ours: dict[str, Any], expected: dict[str, Any]) -> None:
    steps(result, "LoRA", place, ours, nf4=False)
    for name in (f"greedy_{adapter}" for adapter in ADAPTERS):
        right = [expected[name], expected[f"{name}_without_cache"]]
        part(result, "LoRA", ours, name, lambda found, name=name, right=right: result.expect(
            "LoRA", found in right, f"{name}: {found}, expected {right[0]}"))


def qlora(result: Result, place: Path, ours: dict[str, Any], expected: dict[str, Any]) -> None:
    steps(result, "QLoRA", place, ours, nf4=True)


# ---- chat ------------------------------------------------------------------------------------------------------


def chats(cut: Any) -> dict[str, Any]:
    return {"text": cut.apply_chat_template(CONVERSATION, tokenize=False, add_generation_prompt=True),
            "whole": cut.apply_chat_template(CONVERSATION, tokenize=False),
            "ids": cut.apply_chat_template(CONVERSATION, add_generation_prompt=True, return_dict=False)}


def chat(result: Result, place: Path, ours: dict[str, Any], expected: dict[str, Any]) -> None:
    right = chats(PreTrainedTokenizerFast.from_pretrained(place / "model"))
    for name in ("chat",) if refused(result.setting, ours) else ("chat", "gguf_chat"):
        part(result, "chat", ours, name, lambda found, name=name: result.expect(
            "chat", found == right, f"{name}: {found}, expected {right}"))


# ---- llama.cpp -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """What llama.cpp is asked for: to go on from the prompt as Lorikeet did."""

    result: Result
    column: str
    task: dict[str, Any]
    expected: list[int]


def with_llama_cpp(results: list[Result], folder: Path) -> None:
    asked: list[Asked] = []
    for result in results:
        place = folder / result.setting.path
        ours = json.loads((place / "ours.json").read_text("utf-8"))
        if result.setting.not_in_llama_cpp:
            result.remarks.append(f"not in llama.cpp: {result.setting.not_in_llama_cpp}")
            result.untried.add("GGUF out")
            if not refused(result.setting, ours):
                part(result, "GGUF out", ours, "gguf", lambda _: None)
            continue
        ids = torch.load(place / "expected.pt")["ids"]
        task = {"model": str(place / "ours.gguf"), "adapter": None, "prompt": PROMPT, "ids": ids, "tokens": TOKENS}
        part(result, "GGUF out", ours, "gguf", lambda _: asked.append(Asked(result, "GGUF out", task, ours.get("greedy"))))
        for adapter in ADAPTERS:
            with_adapter = task | {"adapter": str(place / f"{adapter}.gguf")}
            part(result, "LoRA", ours, f"gguf_{adapter}", lambda _: asked.append(
                Asked(result, "LoRA", with_adapter, ours.get(f"greedy_{adapter}"))))
    for one, reply in zip(asked, replies([one.task for one in asked], folder)):
        name = Path(one.task["adapter"] or one.task["model"]).name
        if "error" in reply:
            one.result.problems[one.column].append(f"llama.cpp does not take {name}: {reply['error']}")
            continue
        one.result.expect(one.column, reply["prompt"] == one.task["ids"], f"llama.cpp cuts the prompt into {reply['prompt']}")
        one.result.expect(one.column, reply["greedy"] == one.expected,
                          f"llama.cpp writes {reply['greedy']} with {name}, not {one.expected}")


def replies(tasks: list[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """llama.cpp's answers, from a process of its own, which a file may end."""
    answers = folder / "llama-cpp-answers.jsonl"
    answers.unlink(missing_ok=True)
    answers.touch()
    script = Path(__file__).with_name("family_llama_cpp.py")
    while True:
        done = answers.read_text("utf-8").splitlines()
        if len(done) == len(tasks):
            return [json.loads(line) for line in done]
        remaining = folder / "llama-cpp-tasks.json"
        remaining.write_text(json.dumps(tasks[len(done):]), encoding="utf-8")
        ended = subprocess.run([sys.executable, script, remaining, answers], capture_output=True, text=True, check=False)
        if ended.returncode:
            last = (ended.stderr.strip().splitlines() or ["nothing"])[-1]
            with open(answers, "a", encoding="utf-8") as out:
                print(json.dumps({"error": f"it ended with status {ended.returncode}: {last}"}), file=out)


# ---- the table -------------------------------------------------------------------------------------------------


def markdown(results: list[Result]) -> str:
    families = dict.fromkeys(result.setting.family for result in results)
    lines = ["| family | settings | " + " | ".join(COLUMNS) + " |", "|---|---|" + ":-:|" * len(COLUMNS)]
    for family in families:
        own = [result for result in results if result.setting.family == family]
        marks = [{result.mark(column) for result in own} for column in COLUMNS]
        cells = [next(mark for mark in "✗✓–" if mark in found) for found in marks]
        lines.append(f"| {family} | {len(own)} | " + " | ".join(cells) + " |")
    lines += ["", f"Against {stack()}.", ""]
    remarks: dict[str, list[str]] = {}
    for result in results:
        for remark in result.remarks:
            remarks.setdefault(remark, []).append(result.setting.path)
    lines += [f"- {remark} ({', '.join(settings)})" for remark, settings in remarks.items()]
    wrong = [f"- {result.setting.path}: {problem}" for result in results for problem in result.all_problems()]
    return "\n".join(lines + (["", "What failed:", "", *wrong] if wrong else [])) + "\n"
