"""Print what a run measured."""

import itertools
from collections.abc import Mapping, Sequence

from benchmarks import growth
from benchmarks.clock import Figure
from benchmarks.measured import Measured
from benchmarks.sets import SETS
from benchmarks.targets import Outcome

_MIB = 1 << 20


def run(measured: Measured) -> None:
    """Print all tables: peers, figures of each section, growth, targets."""
    print(", ".join(f"{name} {value}" for name, value in measured["machine"].items()))
    for peer, said in measured["peers"].items():
        print(f"{peer}: {said}")
    growing = [name for name in measured["sections"] if name.startswith(growth.PREFIX)]
    for name, programs in measured["sections"].items():
        if name not in growing:
            _figures(": ".join(SETS[word].title if word in SETS else word for word in name.split(": ")), programs)
    if growing:
        _growth({int(name.removeprefix(growth.PREFIX)): measured["sections"][name] for name in growing})
    if measured["quick"]:
        print("\nmeasured with --quick: so few files say nothing of whether a target is met")
    _targets(measured["targets"])


def comparison(old: Measured, new: Measured) -> None:
    """Print how every number that both runs have became greater or less."""
    print(f"\nAgainst {old['commit']} (new / old, where both were measured)\n")
    before, now = _rows(old), _rows(new)
    for row in now:
        if before.get(row):
            print(f"{row:<80}{now[row] / before[row]:>8.2f}")


def _figures(title: str, programs: Mapping[str, Mapping[str, Figure]]) -> None:
    print(f"\n{title}{'':<{max(1, 46 - len(title))}}{'seconds':>10}{'cpu':>10}{'MiB':>8}{'written MiB':>13}")
    for program, operations in programs.items():
        for operation, figure in operations.items():
            if "seconds" in figure:
                written = f"{figure['written'] / _MIB:>13.1f}" if "written" in figure else ""
                numbers = f"{figure['seconds']:>10.3f}{figure['cpu']:>10.3f}{figure['peak'] / _MIB:>8.0f}{written}"
                print(f"{program:<9}{operation:<37} {numbers}")
            elif not figure:
                print(f"{program:<9}{operation}")
            elif "growth" in figure:
                print(f"{program:<9}store grew by {figure['growth']:,.0f} to {figure['bytes'] + figure['growth']:,.0f} bytes")


def _growth(sections: Mapping[int, Mapping[str, Mapping[str, Figure]]]) -> None:
    smallest = sections[min(sections)]
    for name in smallest:
        print(f"\n{name} (seconds; × is the growth from one size to the next)\n")
        print(f"{'files':<26}" + "".join(f"{size:>14,}{'':>9}" for size in sections).rstrip())
        for row in smallest[name]:
            seconds = [section[name][row]["seconds"] for section in sections.values()]
            cells = f"{seconds[0]:>14.3f}{'':>9}"
            for before, after in itertools.pairwise(seconds):
                cells += f"{after:>14.3f}  ×{after / before:<6.1f}"
            print(f"{row:<26}{cells}".rstrip())


def _targets(outcomes: Sequence[Outcome]) -> None:
    print(f"\n{'Targets':<42}{'at most':<46}{'ours':>12}{'allowed':>12}  ours / allowed\n")
    for each in outcomes:
        numbers = ""
        if each["ours"] is not None and each["allowed"] is not None and each["ratio"] is not None:
            numbers = f"{_number(each['ours']):>12}{_number(each['allowed']):>12}  {each['ratio']:<7.2f}"
        without = f" (without {' and '.join(each['missing'])})" if each["missing"] else ""
        print(f"{each['row']:<42}{each['rule']:<46}{numbers}{each['verdict']}{without}")


def _number(value: float) -> str:
    """Write seconds as they are, bytes as MiB."""
    return f"{value / _MIB:,.1f} MiB" if value > 10_000 else f"{value:.3f} s"


def _rows(measured: Measured) -> dict[str, float]:
    """Give every number by one name."""
    return {
        f"{section}, {program}: {operation}, {unit}": value
        for section, programs in measured["sections"].items()
        for program, operations in programs.items()
        for operation, figure in operations.items()
        for unit, value in figure.items()
    }
