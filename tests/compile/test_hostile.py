"""Whatever text a model holds, loading and running it starts no code and touches no file."""

from contextlib import suppress
from pathlib import Path

import pytest

from simdyn.engine.model import load
from simdyn.errors import ModelError, SimdynError

CODE = "__import__('pathlib').Path(r'{marker}').write_text('x')"
FRAME = """{{UTF-8}}
{text}
INITIAL TIME = 0 ~~|
FINAL TIME = 1 ~~|
TIME STEP = 1 ~~|
SAVEPER = 1 ~~|
"""


@pytest.mark.parametrize(
    "text",
    [
        "a = 1 ~ {code} ~ {code} |",
        'a = 1 ~~ """ + {code} + """ |',
        '"{code}" = 1 ~~|',
        '"a\\"; {code}; \\"" = 1 ~~|',
        'D: "{code}", b ~~|\nx[D] = 1 ~~|',
        "D: \"' + {code} + '\", b ~~|\nx[D] = INTEG(1, D) ~~|",
        "x := GET DIRECT DATA({code}, ',', 'A', 'B2') ~~|",
        "x := GET DIRECT DATA('{code}', ',', 'A', 'B2') ~~|",
        "x = GET XLS CONSTANTS('a.csv', '{code}', 'B2') ~~|",
        "D: GET XLS SUBSCRIPT('{code}', 'a', 'A1', 'B1', '') ~~|\nx[D] = 1 ~~|",
        ":MACRO: M(x)\nM = {code} ~~|\n:END OF MACRO:\na = M(1) ~~|",
        ":MACRO: {code}(x)\nM = x ~~|\n:END OF MACRO:\na = 1 ~~|",
        "x = TABBED ARRAY({code}) ~~|",
        "x = 1, {code}, 3 ~~|",
        "x[{code}] = 1 ~~|",
        "t(([({code})-(1,1)],(0,0),(1,1))) ~~|",
        "D: (a1-a{code}) ~~|\nx[D] = 1 ~~|",
        "a = 1 ~ [{code}, ?] ~|",
    ],
)
def test_text_is_never_run(tmp_path: Path, text: str) -> None:
    marker = tmp_path / "marker"
    folder = tmp_path / "model"
    folder.mkdir()
    path = folder / "a'; import os; x='.mdl"
    path.write_text(FRAME.format(text=text.replace("{code}", CODE.format(marker=marker))))
    before = sorted(tmp_path.rglob("*"))
    with suppress(SimdynError):
        load(path).run()
    assert sorted(tmp_path.rglob("*")) == before


def test_xmile_text_is_never_run(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    code = CODE.format(marker=marker).replace("'", "&apos;")
    path = tmp_path / "model.xmile"
    path.write_text(
        f"""<xmile xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
        <sim_specs><start>0</start><stop>1</stop><dt>1</dt></sim_specs>
        <dimensions><dim name="D"><elem name="{code}"/><elem name="b"/></dim></dimensions>
        <model><variables>
          <aux name="a"><doc>{code}</doc><units>{code}</units><eqn>1</eqn></aux>
          <aux name="{code}"><dimensions><dim name="D"/></dimensions><eqn>2</eqn></aux>
        </variables></model></xmile>"""
    )
    assert load(path).run()["a"].tolist() == [1, 1]
    bad = path.read_text().replace("<eqn>2</eqn>", f"<eqn>{code}</eqn>")
    path.write_text(bad)
    with pytest.raises(ModelError):
        load(path)
    assert list(tmp_path.iterdir()) == [path]
