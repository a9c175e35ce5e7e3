import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from bot.catalog.countries import REGIONS, Countries, CountryDataError
from bot.catalog.matching import country_key
from bot.config import COUNTRIES

REGIONS_ONLY = COUNTRIES.read_text("utf-8").partition("\n[[country]]")[0]
PRUSSIA = '\n[[former]]\ncode = "X-PRUSSIA"\nname = "Prussia"\nregion = "Europe"\ntoday = ["DE", "PL"]\n'


def found(countries: Countries, text: str) -> str | None:
    one = countries.find(text)
    return one.code if one else None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("MN", "MN"),
        ("mn", "MN"),
        ("MNG", "MN"),
        ("mng", "MN"),
        (" Mongolia ", "MN"),
        ("MONGOLIA", "MN"),
        ("🇲🇳", "MN"),
        (":flag_mn:", "MN"),
        (":flag_MN:", "MN"),
        ("Republic of Moldova", "MD"),
        ("no", "NO"),  # typed where a country is asked for, a code is meant
        ("X-PRUSSIA", "X-PRUSSIA"),
        ("x-prussia", "X-PRUSSIA"),
        ("SUHH", "SUHH"),
        ("XK", "XK"),
        ("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "GB"),
    ],
)
def test_codes_flags_and_names_are_found(countries: Countries, text: str, code: str) -> None:
    assert found(countries, text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Cote d'Ivoire", "CI"),
        ("Côte d’Ivoire", "CI"),
        ("Curacao", "CW"),
        ("Türkiye", "TR"),
        ("Bosnia & Herzegovina", "BA"),
        ("Trinidad and Tobago", "TT"),
        ("Saint Lucia", "LC"),
        ("st lucia", "LC"),
        ("Guinea Bissau", "GW"),
        ("The Gambia", "GM"),
        ("Gambia, The", "GM"),
        ("Korea, South", "KR"),
        ("Congo, Democratic Republic of the", "CD"),
        ("Helena, Saint", "SH"),
        ("Saint Barts", "BL"),
        ("CostaRica", "CR"),
        ("BurkinaFaso", "BF"),
    ],
)
def test_a_name_may_be_written_in_several_forms(countries: Countries, text: str, code: str) -> None:
    assert found(countries, text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Mongolei", "MN"),
        ("Монголия", "MN"),
        ("モンゴル", "MN"),
        ("Côte d'Ivoire", "CI"),
        ("Deutschland", "DE"),
        ("España", "ES"),
        ("مصر", "EG"),
        ("भारत", "IN"),
        ("中国", "CN"),
        ("Yunanistan", "GR"),
        ("Советский Союз", "SUHH"),
        ("США", "US"),
        ("アメリカ", "US"),
        ("香港", "HK"),
        ("한국", "KR"),
        ("السعودية", "SA"),
        ("Македонија", "MK"),
        ("Weißrussland", "BY"),
    ],
)
def test_names_in_other_languages_are_found(countries: Countries, text: str, code: str) -> None:
    assert found(countries, text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("USA", "US"),
        ("U.S.", "US"),
        ("UAE", "AE"),
        ("DRC", "CD"),
        ("PNG", "PG"),
        ("DPRK", "KP"),
        ("America", "US"),
        ("Britain", "GB"),
        ("Holland", "NL"),
        ("Burma", "MM"),
        ("Ceylon", "LK"),
        ("Persia", "IR"),
        ("Siam", "TH"),
        ("Zaire", "CD"),
        ("Upper Volta", "BF"),
        ("Swaziland", "SZ"),
        ("Aotearoa", "NZ"),
        ("Suomi", "FI"),
        ("Swiss", "CH"),
        ("Dutch", "NL"),
        ("Filipino", "PH"),
        ("Malagasy", "MG"),
        ("Grenadian", "GD"),
        ("Greenlandic", "GL"),
    ],
)
def test_abbreviations_old_names_and_demonyms_are_found(countries: Countries, text: str, code: str) -> None:
    assert found(countries, text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("USSR", "SUHH"),
        ("Soviet", "SUHH"),
        ("Yugoslavian", "YUCS"),
        ("Československo", "CSHH"),
        ("GDR", "DDDE"),
        ("West German", "X-WESTGERMANY"),
        ("Preußen", "X-PRUSSIA"),
        ("Byzantium", "X-BYZANTINE"),
        ("Ottoman Turkey", "X-OTTOMAN"),
        ("Austria-Hungary", "X-AUSTRIAHUNGARY"),
        ("Tawantinsuyu", "X-INCA"),
        ("Joseon", "X-KOREANEMPIRE"),
        ("Asante", "X-ASHANTI"),
        ("Texian", "X-TEXAS"),
    ],
)
def test_former_states_are_found(countries: Countries, text: str, code: str) -> None:
    assert found(countries, text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Georgia", "GE"),
        ("Guinea", "GN"),
        ("Guinean", "GN"),
        ("Niger", "NE"),
        ("Nigerian", "NG"),
        ("Dominica", "DM"),
        ("Dominican", "DO"),
        ("Congolese", "CD"),
        ("Congo", "CG"),
        ("Korea", "KR"),
        ("Samoan", "WS"),
        ("Mali", "ML"),
        ("FRG", "DE"),
        ("Rhodesia", "X-RHODESIA"),
        ("South African Republic", "X-TRANSVAAL"),
        ("Republic of South Africa", "ZA"),
    ],
)
def test_a_name_that_several_could_have_means_one(countries: Countries, text: str, code: str) -> None:
    assert found(countries, text) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "?!",
        "the",
        "of the",
        "Lilliput",
        "Europe",
        "Central America",
        "Vienna",
        "Chicago",
        "Pacific Ocean",
        "today",
        "end",  # India in Jola-Fonyi
        "cat",  # Chad in Ngomba
        "sin",
        "t",  # not 'T and T'
        "saint",
        "🎉",
        "🏴",
        "<@81234>",
        ":flag_zz:",
        "ZZ",
        "X-NOWHERE",
    ],
)
def test_what_is_no_country_finds_none(countries: Countries, text: str) -> None:
    assert found(countries, text) is None


def test_every_country_can_be_found_by_what_names_it(countries: Countries) -> None:
    lost = [
        (one.code, text)
        for one in countries
        for text in (one.code, one.code.lower(), one.name, one.name.upper(), one.flag)
        if text and found(countries, text) != one.code
    ]
    assert lost == []


def test_no_alias_is_another_countrys_name_or_code(countries: Countries) -> None:
    holders = defaultdict(set)
    for name in countries.names():
        if name.language in ("", "en"):
            holders[country_key(name.text)].add(name.code)
    assert {key: sorted(codes) for key, codes in holders.items() if len(codes) > 1} == {}


def test_every_country_has_a_region_and_former_states_a_territory_of_today(countries: Countries) -> None:
    assert len(countries) > 300
    for one in countries:
        assert one.region in REGIONS, one
        assert one.former == bool(one.today), one
        assert one.former or one.flag, one


def test_territories_of_today_are_present_countries(countries: Countries) -> None:
    present = {one.code for one in countries if not one.former}
    assert {(one.code, code) for one in countries for code in one.today if code not in present} == set()


def test_each_spelling_of_a_country_is_named_once(countries: Countries) -> None:
    pairs = [(name.code, country_key(name.text)) for name in countries.names()]
    assert len(pairs) == len(set(pairs))
    assert len(pairs) > 20_000
    assert {code for code, _ in pairs} == {one.code for one in countries}


@pytest.mark.parametrize(
    ("text", "code"),
    [("Mongolia", "MN"), ("Mongolai", "MN"), ("SUH", "SUHH"), ("X-PRUSIA", "X-PRUSSIA"), ("qqqqqqqq", None)],
)
def test_the_nearest_code_is_suggested(countries: Countries, text: str, code: str | None) -> None:
    assert countries.suggest(text) == code


def test_countries_are_looked_up_by_code_alone(countries: Countries) -> None:
    mongolia = countries.get("MN")
    assert mongolia
    assert (mongolia.name, mongolia.flag, mongolia.former, mongolia.region) == ("Mongolia", "🇲🇳", False, "Asia")
    assert "MN" in countries
    assert "mn" not in countries
    assert countries.get("Mongolia") is None
    codes = [one.code for one in countries]
    assert codes == sorted(codes)


def test_english_names_need_no_other_language(countries: Countries) -> None:
    code = (
        "import sys; from pathlib import Path; from bot.catalog.countries import Countries\n"
        "countries = Countries.load(Path(sys.argv[1]))\n"
        "assert countries.find('Burma') and countries.find('SouthKorea')\n"
        "assert '_every_language' not in vars(countries)"
    )
    subprocess.run([sys.executable, "-c", code, str(COUNTRIES)], check=True, cwd=Path(__file__).parents[2])


def test_a_file_may_add_aliases_and_former_states(tmp_path: Path) -> None:
    path = tmp_path / "countries.toml"
    path.write_text(
        f'{REGIONS_ONLY}[[country]]\ncode = "CH"\nname = "Helvetia"\naliases = ["Tell"]\n{PRUSSIA}', "utf-8"
    )
    countries = Countries.load(path)
    assert [found(countries, text) for text in ("Helvetia", "tell", "Switzerland")] == ["CH", "CH", "CH"]
    prussia = countries.get("X-PRUSSIA")
    assert prussia
    assert (prussia.name, prussia.former, prussia.today) == ("Prussia", True, ("DE", "PL"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[regions", "cannot be read"),
        ("", "regions"),
        (REGIONS_ONLY.replace("MN", ""), "MN has no region"),
        (REGIONS_ONLY + '\n[[country]]\ncode = "ZZ"\n', "ZZ is no code of a present country"),
        (REGIONS_ONLY + "\n[[country]]\n", "code"),
        (REGIONS_ONLY + PRUSSIA.replace("Europe", "Mars"), "X-PRUSSIA needs"),
        (REGIONS_ONLY + PRUSSIA.replace("X-PRUSSIA", "prussia"), "prussia needs"),
        (REGIONS_ONLY + PRUSSIA.replace('"PL"', '"QQ"'), "codes that no country has: QQ"),
    ],
)
def test_a_broken_file_is_refused_with_its_name_and_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "countries.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(CountryDataError) as error:
        Countries.load(path)
    assert str(path) in str(error.value)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CountryDataError, match="cannot be read"):
        Countries.load(tmp_path / "none.toml")
