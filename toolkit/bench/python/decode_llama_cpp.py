"""The other peer of the decode cases: llama.cpp writes greedily with a GGUF file as it is, by the wheel xllamacpp.

Its server's own times: the pace after the first token, the median of some rounds after one that does not count. Prints
one JSON object as its last line.
"""

import argparse
import json
import statistics
import urllib.request
from pathlib import Path

import outcome
import xllamacpp


def server(args):
    settings = xllamacpp.CommonParams()
    settings.model.path = args.model
    settings.n_ctx = 1024
    settings.n_parallel = 1
    settings.cpuparams.n_threads = args.threads
    settings.cpuparams_batch.n_threads = args.threads
    settings.verbosity = 1
    return xllamacpp.Server(settings)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--model", required=True)
    args.add_argument("--prompts", required=True)
    args.add_argument("--tokens", type=int, default=64)
    args.add_argument("--rounds", type=int, default=3)
    args.add_argument("--threads", type=int, default=2)
    args = args.parse_args()

    [prompt] = json.loads(Path(args.prompts).read_text(encoding="utf-8"))
    running = server(args)
    request = {"prompt": prompt, "n_predict": args.tokens, "temperature": 0, "cache_prompt": False, "ignore_eos": True}

    def pace():
        post = urllib.request.Request(running.listening_address + "/completion", json.dumps(request).encode(),
                                      {"Content-Type": "application/json"})
        with urllib.request.urlopen(post) as answer:
            timings = json.load(answer)["timings"]
        if timings["predicted_n"] != args.tokens:
            raise SystemExit(f"wrote {timings['predicted_n']} tokens, not {args.tokens}")
        # It counts the first token, but not the time that it took.
        return 1000 * (args.tokens - 1) / timings["predicted_ms"]

    pace()
    print(json.dumps({
        "stack": outcome.stack(("xllamacpp",)),
        "steps": args.tokens,
        "tokens_per_second": statistics.median(pace() for _ in range(args.rounds)),
    }))


if __name__ == "__main__":
    main()
