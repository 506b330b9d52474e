"""The words of the benchmark's posts: the frequent ones first, for they are drawn more often."""

from __future__ import annotations

__all__ = ["ENGLISH", "GERMAN", "NAMES", "TAGS"]

ENGLISH = tuple(
    """
the a of and to in we it is that for on this with was as are by from at or an not but they have
one had can all there when what which their has more if will about then who so than some only
into time other could our its also two over first after how new where these most may between
such even because many through before must those made use work right still own while should well
place long part year back little same another found day again small under great came always
during without however about around house away number though enough almost above since until
every later began side hand kind water line name page word text letter paper book story print
press column poster street corner city town village market square bridge station train tram
ticket platform bicycle journey road path field forest river lake shore island mountain valley
snow rain wind storm cloud summer autumn winter spring morning evening night light shadow colour
picture camera window door table kitchen bread butter apple soup coffee kettle garden tree leaf
flower seed bird cat horse school teacher question answer lesson language sentence grammar
dictionary library archive record museum theatre concert music song violin drum voice radio
signal antenna circuit battery engine machine tool hammer wood iron glass stone brick roof wall
floor stairs lamp clock calendar number version release change patch branch commit review test
build server client browser request answer header cache index query schema table backup script
terminal editor keyboard screen font margin footer template draft publish feed reader comment
network socket thread process memory compiler library package module function value string
buffer error warning message default option setting friend neighbour family mother brother child
visitor guest stranger crowd people council election budget price money trade harbour ship
sailor captain map compass measure weight distance result beautiful simple careful curious
patient honest quiet loud bright heavy narrow ancient modern quickly slowly suddenly rarely
often perhaps indeed nearly together outside beneath beyond against write read learn forget
remember build repair carry bring follow listen explain compare decide discover imagine notice
arrange collect improve travel return wander gather finish begin continue
""".split()  # noqa: SIM905 - words read better as a text
)

GERMAN = tuple(
    """
die der und das in zu ist den nicht ein eine mit von es auf auch dem sich für als wir man an so
aus noch bei nach aber wenn nur über werden hat wie sind oder zum zur vom im am um sehr mehr
dann schon immer durch kann muss wird war hatte diese dieser keine wieder gegen ohne zwischen
während heute gestern morgen damals später früher endlich vielleicht eigentlich natürlich
übrigens dennoch Tag Nacht Jahr Woche Stunde Augenblick Zeit Anfang Ende Wort Satz Zeile Seite
Blatt Buch Bücher Text Brief Zeitung Überschrift Fußnote Absatz Spalte Säule Litfaßsäule Plakat
Straße Ecke Stadt Städte Dorf Dörfer Markt Platz Brücke Bahnhof Zug Züge Fahrrad Straßenbahn
Fahrschein Reise Weg Wald Wälder Fluss Flüsse See Ufer Insel Gebirge Tal Schnee Regen Wind
Gewitter Wolke Himmel Sonne Sommer Herbst Winter Frühling Licht Schatten Farbe Bild Kamera
Fenster Tür Tisch Küche Brot Brötchen Käse Äpfel Suppe Kaffee Garten Gärten Baum Bäume Blüte
Vogel Vögel Katze Pferd Schule Lehrerin Frage Antwort Sprache Grammatik Wörterbuch Bibliothek
Verzeichnis Museum Theater Konzert Musik Lied Stimme Rundfunk Gerät Geräte Schaltung Werkzeug
Holz Eisen Glas Stein Dach Dächer Mauer Treppe Uhr Kalender Fassung Änderung Änderungen Zweig
Prüfung Rechner Speicher Zwischenspeicher Abfrage Tabelle Sicherung Vorlage Entwurf Entwürfe
Veröffentlichung Beitrag Beiträge Netzwerk Prozess Übersetzer Paket Funktion Zeichenkette Puffer
Fehler Warnung Meldung Vorgabe Einstellung Freundin Nachbarn Familie Kinder Gäste Rathaus Wahl
Haushalt Preis Geld Hafen Häfen Schiff Karte Kompass Maß Gewicht Entfernung Ergebnis schön
einfach sorgfältig neugierig geduldig ehrlich leise laut hell schwer schmal groß größer heiß
kühl schnell langsam plötzlich selten häufig gemeinsam draußen darüber darunter jenseits
vorwärts rückwärts schreiben lesen lernen vergessen erinnern bauen flicken tragen bringen folgen
hören erklären vergleichen entscheiden entdecken bemerken ordnen sammeln verbessern reisen
zurückkehren prüfen öffnen schließen
""".split()  # noqa: SIM905 - words read better as a text
)

TAGS = tuple(
    """
accessibility archives astronomy baking bicycles birds books bookbinding calendars cameras chess
cities coffee colour compilers concerts css databases debugging design dialects drawing editors
electronics encryption fonts forests games gardening geometry grammar hardware history html
interviews kitchens languages letters libraries linux maps markdown markets music networks
newspapers painting photography podcasts poetry politics printing python railways reading repair
rivers sailing theatre weather
""".split()  # noqa: SIM905 - words read better as a text
)
"""Sixty of them; a post has two to five."""
NAMES = tuple(
    """ account archive batch bucket buffer chapter column counter cursor digest
draft entry event feed folder header index item label ledger letter limit line margin message
note offset page parcel path poster queue reader record reply result row section signal source
status stream title token total value window word worker
""".split()  # noqa: SIM905 - words read better as a text
)
"""What the code in the posts calls its things."""
