"""Where talks are held: cities that are no capital, by name, with their countries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from store import cities
from store.database import Session
from store.parties import fold

# Cities and resorts where talks are held, however small; the rest come from GeoNames.
_KNOWN = """ch: Geneva, Davos, Lausanne, Lugano, Montreux, Zurich, Basel, Bürgenstock, Crans-Montana, Locarno, St Gallen
    tr: Istanbul, Antalya, Izmir | sa: Jeddah, Diriyah, AlUla, Neom | ae: Dubai, Sharjah
    eg: Sharm el-Sheikh, El Alamein, Alexandria, Taba
    us: New York, Camp David, Mar-a-Lago, Anchorage, Los Angeles, San Francisco, Miami, Houston, Dayton, Chicago, Palm Beach
    de: Munich, Bonn, Hamburg, Frankfurt, Elmau, Dresden, Potsdam
    gb: Glasgow, Edinburgh, Belfast, Lancaster House, Chequers
    fr: Strasbourg, Nice, Biarritz, Lyon, Versailles, Évian, Rambouillet
    it: Milan, Turin, Naples, Venice, Capri, Trieste, Palermo
    cn: Shanghai, Tianjin, Guangzhou, Shenzhen, Hangzhou, Kunming, Nanjing, Xi'an, Qingdao, Chengdu
    ru: Sochi, St Petersburg, Saint Petersburg, Kazan, Vladivostok, Kaliningrad, Valdai
    in: Goa, Mumbai, Udaipur, Srinagar | kz: Almaty | br: Rio de Janeiro, São Paulo, Belém
    za: Johannesburg, Durban | jp: Hiroshima, Osaka, Kyoto, Nagasaki, Karuizawa
    kr: Busan, Gyeongju, Panmunjom, Jeju | be: Ghent, Bruges | nl: Rotterdam, Maastricht, The Hague
    es: Barcelona, Granada, Seville, Malaga | pl: Gdańsk, Kraków, Rzeszów, Wrocław
    ua: Lviv, Odesa, Kharkiv, Yalta, Dnipro | by: Brest, Gomel | il: Haifa, Eilat
    pk: Karachi, Lahore, Rawalpindi | iq: Erbil, Basra | iq: Sulaymaniyah | ir: Isfahan, Mashhad
    sy: Aleppo, Idlib | jo: Aqaba, Zarqa
    ca: Montreal, Toronto, Vancouver, Kananaskis, Charlevoix, Halifax, Banff | mx: Cancún, Guadalajara
    co: Cartagena, Medellín | au: Sydney, Melbourne, Brisbane, Perth | nz: Auckland, Queenstown
    th: Pattaya, Chiang Mai, Phuket | id: Bali, Bandung, Labuan Bajo | my: Langkawi, Penang
    vn: Da Nang, Ho Chi Minh City | ph: Clark, Cebu | tz: Arusha, Dar es Salaam | ke: Mombasa, Naivasha
    ma: Marrakesh, Marrakech, Casablanca, Skhirat | ly: Benghazi, Sirte | lb: Naqoura | ye: Aden, Hodeidah
    ng: Lagos | gh: Accra | ug: Entebbe | pt: Porto, Sintra | at: Salzburg, Innsbruck, Alpbach
    no: Bergen, Tromsø | se: Gothenburg, Malmö | fi: Turku, Tampere | gr: Thessaloniki, Corfu
    hr: Dubrovnik, Split | ro: Constanța | bg: Varna | uz: Samarkand, Bukhara | ge: Batumi | az: Shusha
    om: Salalah | kw: Kuwait City | va: Vatican City | ar: Bariloche | cu: Guantanamo | bo: Santa Cruz
    cy: Larnaca, Limassol"""


@cache
def known_cities() -> Mapping[str, tuple[str, str]]:
    """Cities of the list, by folded name: the name, and the code of the country."""
    found: dict[str, tuple[str, str]] = {}
    for line in _KNOWN.split("\n"):
        for group in line.split("|"):
            code, _, cities = group.partition(":")
            for city in cities.split(","):
                found.setdefault(fold(city.strip()), (city.strip(), code.strip()))
    return found


def is_city(following: Sequence[str]) -> int:
    """How many of the words that follow name a known city; 0 where none do."""
    known = known_cities()
    return next((size for size in range(min(4, len(following)), 0, -1) if " ".join(following[:size]) in known), 0)


def city(name: str, session: Session | None = None) -> tuple[str, str] | None:
    """The city of that name and its country's code; with a session the gazetteer is looked in too."""
    return known_cities().get(fold(name)) or (cities.named(session, name) if session is not None else None)
