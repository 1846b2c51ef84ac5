"""How many people do headlines count as injured, in all the forms that news has for it? All incidents are invented."""

from __future__ import annotations

import pytest
from samples import news

from extract import Extractor
from extract.types import Count, CountState


def told(count: Count) -> tuple[int | None, int | None] | None:
    return (count.low, count.high) if count.state is CountState.COUNTED else None


@pytest.mark.parametrize(
    ("title", "killed", "injured"),
    [
        ('Cyclist fighting for his life after crash with lorry in Bristol', None, (1, 1)),
        ('Twelve in hospital after chlorine leak at Leipzig pool', None, (12, 12)),
        ('Woman suffers life-threatening injuries in Winnipeg house fire', None, (1, 1)),
        ('3 hospitalized after carbon monoxide leak at Denver hotel', None, (3, 3)),
        ('School bus crash sends 9 children to hospital in Ohio', None, (9, 9)),
        ('Dozens hurt as train derails near Pune', None, (24, None)),
        ('Five injured, two critically, in gas explosion in Marseille', None, (5, 5)),
        ('Boy, 14, seriously injured in hit-and-run in Leeds', None, (1, 1)),
        ('Two people airlifted to hospital after boat explosion off Sardinia', None, (2, 2)),
        ('Police officer shot in the leg during traffic stop in Memphis', None, (1, 1)),
        ('Three wounded in shooting outside nightclub in Guadalajara', None, (3, 3)),
        ('At least 40 treated for smoke inhalation after tower block fire in Manila', None, (40, None)),
        ('Bear attack leaves hiker with serious injuries in Slovakia', None, (1, 1)),
        ('Tourist loses leg in shark attack off Reunion', None, (1, 1)),
        ('Firefighter injured battling warehouse blaze in Sydney', None, (1, 1)),
        ('Fire at Glasgow flats leaves four needing hospital treatment', None, (4, 4)),
        ('Scores injured in stampede at festival in Enugu', None, (40, None)),
        ('Explosion rips through Houston refinery, injuring 6 workers', None, (6, 6)),
        ('Elderly couple badly burned in caravan fire near Porto', None, (2, 2)),
        ('Gunman opens fire at Tampa mall, wounding four', None, (4, 4)),
        ('Knife attack in Nantes: three hurt, suspect detained', None, (3, 3)),
        ('Six people taken to hospital after tram collides with bus in Zagreb', None, (6, 6)),
        ('Man stabbed in neck at Stockholm metro station', None, (1, 1)),
        ('Woman shot in face in Oakland drive-by', None, (1, 1)),
        ('One dead, three in critical condition after Phoenix shooting', (1, 1), (3, 3)),
        ('Two killed and a third fights for life after car plunges into river in Perth', (2, 2), (1, 1)),
        ('Number of injured in Lisbon tram crash rises to 23', None, (23, 23)),
        ('More than 100 injured as grandstand collapses in Medellin', None, (100, None)),
        ('Soldier loses both legs in landmine blast in northern Mali', None, (1, 1)),
        ('Seven sickened after chemical spill at Rotterdam plant', None, (7, 7)),
        ('Four police officers injured during riot in Athens', None, (4, 4)),
        ('Officer hurt, 12 arrested as protesters clash with police in Lima', None, (1, 1)),
        ('Dam worker electrocuted, second injured in Laos', (1, 1), (1, 1)),
        ('Pedestrian struck by car in Tulsa suffers critical injuries', None, (1, 1)),
        ('Pilot walks away with minor injuries after plane crash in Montana', None, (1, 1)),
        ('Ten schoolchildren and their teacher injured as bus overturns near Quito', None, (11, 11)),
        ('Three firefighters among eight injured in Kyiv apartment fire', None, (8, 8)),
        ('Toronto shooting: two victims in hospital with non-life-threatening injuries', None, (2, 2)),
        ('Quake in Mindanao kills 2, hurts 17', (2, 2), (17, 17)),
        ('Russian drone strike wounds couple in Kherson', None, (2, 2)),
        ('Shelling of Sumy leaves a woman and two children injured', None, (3, 3)),
        ('20 rescued, 5 treated for hypothermia after ferry sinks off Crete', None, (5, 5)),
        ('Roller coaster derails in Osaka; 4 riders hurt', None, (4, 4)),
        ('Stabbing near Vienna station leaves student with life-threatening wounds', None, (1, 1)),
        ('Motorcyclist critical after collision in Hobart', None, (1, 1)),
        ('Two teens shot, wounded near school in Baltimore', None, (2, 2)),
        ('Journalist beaten unconscious by masked men in Tbilisi', None, (1, 1)),
        ('Half a dozen injured after balcony collapses at Cape Town party', None, (6, 6)),
        ('Nine more people hospitalised in Kerala food poisoning outbreak', None, (9, 9)),
        ('Volcano hikers burned as Etna erupts, eight in hospital', None, (8, 8)),
        ('Police: 2 adults, 1 child hurt in shooting at Omaha apartment complex', None, (3, 3)),
        ('Ski lift accident in Andorra: ten injured, two of them seriously', None, (10, 10)),
        ('Two in serious condition following shooting at Calgary mall', None, (2, 2)),
        ('Man critically wounded in Chicago robbery', None, (1, 1)),
        ('A person was injured when a crane fell on a house in Antwerp', None, (1, 1)),
        ('Suspect wounded after shootout with police in Tucson', None, (1, 1)),
        ('Deputy recovering after being shot in Tulare County', None, (1, 1)),
        ('Teen girl stabbed multiple times at Melbourne bus stop', None, (1, 1)),
        ('Crash on A7 near Kassel: 17 hurt, motorway closed', None, (17, 17)),
        ('Balcony collapse in Goa injures newlyweds', None, (2, 2)),
        ("Novelist Ana Example injured in car blast in Riga", None, (1, 1)),
        ("Zoltan Example seriously injured in avalanche in Slovakia", None, (1, 1)),
        ("Petrochemical plant fire in Tarragona sends 5 workers to hospital", None, (5, 5)),
        ("Brawl in Innsbruck puts three in hospital", None, (3, 3)),
        ("Stabbing in Bern leaves two men dead and another fighting for life", (2, 2), (1, 1)),
        ("Rebels shoot down 15 drones over Sanaa", None, None),
        ("Boy killed and four others aged 11- 15 injured in Lyon", (1, 1), (4, 4)),
        ("Stray bullet nearly hits woman in Dallas", None, None),
        ("Four stabbings, 3 of them fatal, in Lugano", (3, 3), (1, 1)),
    ],
)  # fmt: skip
def test_injured_people_of_a_headline(
    extractor: Extractor, title: str, killed: tuple[int, int | None] | None, injured: tuple[int, int | None] | None
) -> None:
    report = extractor.extract(news("", title=title)).reports[0]
    assert (told(report.killed), told(report.injured)) == (killed, injured)


@pytest.mark.parametrize(
    ("title", "text", "injured"),
    [
        ("Teenager stabbed to death in Leeds", "An 18-year-old man was found with stab wounds on Friday and died later.", None),
        ("Man shot dead in Hull", "A woman was taken to hospital with gunshot wounds on Friday.", (1, 1)),
    ],
)  # fmt: skip
def test_injured_people_of_a_teaser(
    extractor: Extractor, title: str, text: str, injured: tuple[int, int | None] | None
) -> None:
    assert told(extractor.extract(news(text, title=title)).reports[0].injured) == injured
