"""Invented names of people and companies, drawn without repetition."""

from __future__ import annotations

import unicodedata

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.demo.columns import Ints, generator

FIRST = (
    "Amara Anders Ana Anil Astrid Ayla Beatriz Bilal Bram Camille Carlos Chiara Chloe Daichi Dalia Dmitri "
    "Elena Elif Emeka Emma Farah Felix Fiona Gabriel Giulia Hana Hassan Helena Hiro Ibrahim Ines Ingrid Ivan "
    "Jamal Jana Joao Jonas Julia Kai Karim Katya Kofi Lars Layla Leila Liam Lucia Luka Malik Marta Mateo Maya "
    "Mei Milan Mina Nadia Naveen Nia Nikolai Noah Noor Olga Omar Oscar Paula Pedro Priya Quinn Rafael Rania "
    "Ravi Rosa Ruben Samira Sanjay Sara Selma Simon Sofia Soren Suki Tala Tariq Teresa Thandi Tomas Uma Valeria "
    "Viktor Wanjiru Xavier Yara Yusuf Zainab Zoe"
).split()
LAST = (
    "Abara Adeyemi Aldana Almeida Amsel Andrade Banerjee Barros Bergstrom Bianchi Brandt Castell Chandra Cho "
    "Costa Dahl Delacroix Demir Diallo Duarte Eklund Farouk Ferrer Fontaine Fujita Galvez Grant Haddad Hale "
    "Hartog Hoang Holm Ibarra Iyer Jansen Kallas Kamau Kapoor Keller Khan Kimura Kovac Kowal Laurent Lindqvist "
    "Lopes Maren Mbeki Mehta Mendez Moreau Mwangi Nakata Navarro Ndiaye Novak Nyman Okafor Okoye Oliveira Osei "
    "Park Patel Petrov Quispe Rahman Ramos Reyes Rinaldi Rossi Sandoval Santos Sato Sharma Silva Singh Solberg "
    "Soto Sundar Takeda Tanaka Tembo Torres Ueda Valdez Varga Vasquez Vega Wallin Weber Wells Wolff Yamada "
    "Yilmaz Zapata Zeller Ziegler"
).split()
COMPANY_FIRST = (
    "Alder Amber Anchor Arbor Aspen Atlas Aurora Basalt Beacon Birch Bluff Boreal Bramble Bridge Brook Canyon "
    "Cedar Chalk Cinder Clay Cliff Clover Cobalt Compass Copper Coral Crest Crown Delta Dune Eagle Eastern Echo "
    "Elm Ember Falcon Fern Field Flint Forge Fox Garnet Glacier Glen Granite Grove Harbor Haven Hazel Heron "
    "Highland Hollow Horizon Indigo Iron Ivory Jasper Juniper Keystone Lagoon Lantern Larch Laurel Linden Loft "
    "Lumen Lunar Maple Marble Meadow Mesa Mill Mint Mirror Mosaic Nimbus Oak Onyx Opal Orchard Osprey Pebble "
    "Pine Polar Prairie Quarry Quartz Raven Ridge River Rowan Saffron Sage Sierra Silver Slate Spruce Stone "
    "Summit Swift Terra Thistle Timber Topaz Tundra Umber Valley Velvet Vista Walnut Willow Zephyr"
).split()
COMPANY_LAST = (
    "Agriculture Appliances Automation Aviation Bakeries Bearings Beverages Biologics Carriers Castings Ceramics "
    "Chemicals Clinics Components Construction Controls Couriers Dairies Devices Distribution Dynamics "
    "Electronics Energy Engineering Equipment Farms Fibers Foods Freight Furniture Glass Health Hospitals Hotels "
    "Instruments Laboratories Leasing Lighting Logistics Machinery Marine Markets Materials Medical Metals Mills "
    "Minerals Mobility Motors Packaging Paints Paper Pharma Plastics Ports Power Precision Press Properties Rail "
    "Recycling Refining Resorts Retail Robotics Rubber Semiconductors Shipping Solar Stores Supply Textiles Tools "
    "Transit Transport Utilities Valves Vehicles Warehousing Water Wind"
).split()
COMPANY_FORM = ("", " Group", " Works", " Partners", " Holdings", " International", " North", " South")


def people(seed: int, count: int) -> list[str]:
    """Full names, all different."""
    chosen = generator(seed, "people").permutation(len(FIRST) * len(LAST))[:count]
    return [f"{FIRST[c // len(LAST)]} {LAST[c % len(LAST)]}" for c in chosen.tolist()]


def email(name: str) -> str:
    """An address that reaches nobody: example.com is reserved."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain.lower().replace(" ", ".") + "@example.com"


def companies(seed: int, count: int) -> pa.Array:
    """Company names; the first 80,000 or so are all different, later ones carry a number."""
    first = [f"{a} {b}" for a in COMPANY_FIRST for b in COMPANY_LAST]
    pairs, forms = len(first), len(COMPANY_FORM)
    order: Ints = generator(seed, "companies").permutation(pairs * forms)
    code = order[np.arange(count) % len(order)]
    name = pa.array(first).take(pa.array(code % pairs))
    form = pa.array(COMPANY_FORM).take(pa.array(code // pairs))
    turn = pa.array(["", *[f" {n}" for n in range(2, count // len(order) + 3)]])
    return pc.binary_join_element_wise(name, form, turn.take(pa.array(np.arange(count) // len(order))), "")
