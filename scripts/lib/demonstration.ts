/** The neighbourhood of the demonstration: who lives and works there, and what they would like the money to do. */
import type { Role } from '@commonpot/server/platform/policy';

export interface Person {
  address: string;
  /** Said at start-up, so that a visitor knows who to be. */
  who: string;
  name: string;
  role: Role;
  organisation?: string;
}

export const people = {
  amina: { address: 'amina@example.org', who: 'fund administrator', name: 'Amina Yusuf', role: 'administrator' },
  joseph: { address: 'joseph@example.org', who: 'fund administrator, the second pair of eyes', name: 'Joseph Okafor', role: 'administrator' },
  helen: { address: 'helen@example.org', who: 'agency officer at Ashbourne Public Health', name: 'Helen Marsh', role: 'officer', organisation: 'Ashbourne Public Health' },
  imran: { address: 'khan@example.org', who: 'Khan’s Food Store, a shop that takes vouchers', name: 'Imran Khan', role: 'shop', organisation: 'Khan’s Food Store' },
  rosa: { address: 'rosa@example.org', who: 'a resident with a voucher', name: 'Rosa Delgado', role: 'resident' },
} as const satisfies Record<string, Person>;

export const fund = {
  host: 'Tanner Hill Community Trust', slug: 'tanner-hill', name: 'Tanner Hill money',
  purpose: 'Ashbourne Public Health has put money in a pot for the people of Tanner Hill. You say what it should pay for.',
  currency: 'GBP', language: 'en', timeZone: 'Europe/London',
};

export const AREAS = ['The Mill estate', 'Kiln Street', 'Station Quarter', 'Hilltop'];

export interface DemonstrationProject {
  number: string;
  title: string;
  summary: string;
  description: string;
  costMinor: number;
  category: string;
  area: string | null;
  delivererName: string;
}

const TRUST = 'Tanner Hill Community Trust';

/** Number, title, pounds, category, area, who delivers it, one sentence, and the longer word. */
type Row = readonly [string, string, number, string, string | null, string, string, string];

const autumn: readonly Row[] = [
  ['1', 'Warm Thursdays at the Old Bakery', 18_400, 'Warmth and food', 'Kiln Street', 'The Old Bakery lunch club', 'Hot food, a warm room and a benefits adviser, every Thursday for 40 weeks.', 'The ovens are gone but the room is the warmest on the hill. The lunch club cooks, the advice centre sends somebody, and nobody is asked why they came. The money pays for food, heating and two cooks’ wages.'],
  ['2', 'Benches and shade on Kiln Street', 9_750, 'Streets', 'Kiln Street', 'Ashbourne Streets team', 'Six benches with arms and backs, and three trees to sit under.', 'From the bus stop to the surgery is 600 metres without a place to sit. 212 neighbours asked for this. The council looks after the benches and waters the trees for the first three summers.'],
  ['3', 'Bike repair van for the estates', 12_000, 'Young people', null, 'Spokes of Ashbourne', 'Two young mechanics, every estate once a fortnight, repairs under £10 for nothing.', 'The van is there already; this pays two apprentices from the hill for a year, and parts.'],
  ['4', 'New floor for the boxing gym', 34_500, 'Young people', 'Station Quarter', 'Station Road Amateur Boxing Club', 'A sprung floor and a level entrance, so that wheelchair users can train too.', 'The club has 140 members and a waiting list. The old floor is concrete under mats, and there are four steps to the door.'],
  ['5', 'Homework club at the library', 7_200, 'Young people', 'Hilltop', 'Hilltop Library', 'Somewhere quiet, somebody to ask, and toast, three afternoons a week.', 'For anybody between 9 and 16. Two retired teachers have offered; the money pays a youth worker, snacks and six laptops.'],
  ['6', 'Light the path behind The Mill', 15_600, 'Streets', 'The Mill estate', 'Ashbourne Streets team', 'Eleven low lamps between The Mill and the station, so that nobody walks round by the road.', 'Nine in ten of those asked do not use the path after four o’clock in winter. The lamps go dim at midnight so that the bats keep their river.'],
  ['7', 'Mums’ swim on Friday mornings', 4_350, 'Health', null, 'Ashbourne Leisure', 'The small pool to ourselves, a crèche next door, a woman lifeguard.', 'Forty sessions. The crèche is what makes it possible for most of us.'],
  ['8', 'Tool library at the allotments', 2_950, 'Getting by', 'Hilltop', 'Hilltop Allotment Society', 'Drills, ladders, a carpet cleaner: borrow them for a pound.', 'The shed and the volunteers are there. The money buys forty tools, safety checks and a cargo trailer.'],
  ['9', 'Somali and Arabic at the surgery', 11_300, 'Health', null, 'Kiln Street Surgery', 'Two interpreters on the phone line and at the desk, two days a week.', 'Today people bring their children to translate. This pays two trained neighbours for a year.'],
  ['10', 'The Mill’s own playground', 29_800, 'Young people', 'The Mill estate', 'The Mill Residents’ Association', 'Swings, a basket swing that holds a wheelchair, and a fence that keeps dogs out.', 'The nearest playground is across the ring road. The council has offered the land and will inspect it every month.'],
  ['11', 'Pantry freezer and van share', 6_480, 'Warmth and food', null, 'St Mary’s Pantry', 'Take what the supermarkets give on Sundays, when nobody can fetch it now.', 'A walk-in freezer, and a share in the school’s minibus on Sundays.'],
  ['12', 'Repair café', 1_900, 'Getting by', 'Station Quarter', 'Ashbourne Menders', 'First Saturday of the month: bring it broken, go home with it working.', 'Twelve Saturdays in the station hall, with tea.'],
  ['13', 'Chair yoga and a cup of tea', 2_400, 'Health', 'Hilltop', TRUST, 'For people whose knees say no to the stairs.', 'Every Tuesday in the sheltered flats’ lounge. Anybody may come.'],
  ['14', 'Youth panel with £3,000 of its own', 4_800, 'Young people', null, 'Ashbourne Youth Council', 'Twelve young people decide over small grants for their friends’ ideas.', 'A third pays a worker’s time, two thirds are given away by the panel, in public.'],
  ['15', 'Crossing at the school gate', 22_000, 'Streets', 'Hilltop', 'Ashbourne Streets team', 'A raised zebra crossing on Hill Road and a quieter junction.', 'There were four near misses last year that we know of.'],
  ['16', 'Bereavement walks', 1_250, 'Health', null, 'Tanner Hill Ramblers', 'Walk with people who know, once a fortnight, and talk or do not.', 'Two leaders’ training and bus fares.'],
  ['17', 'Community fridge outside the mosque', 3_700, 'Warmth and food', 'Station Quarter', 'Station Road Mosque', 'Leave what you can, take what you need, day and night.', 'A fridge in a painted shelter, cleaned twice a day by a rota that exists already.'],
  ['18', 'Sound system for the hall', 2_150, 'Getting together', 'Kiln Street', TRUST, 'So that weddings, funerals and quiz nights can hear each other.', 'Speakers, a hearing loop and two microphones that do not crackle.'],
  ['19', 'Garden for the sheltered flats', 8_600, 'Getting together', 'Hilltop', 'Hilltop Sheltered Housing', 'Raised beds you can reach from a chair, and a path without a kerb.', 'Planned with the people who live there. The school comes to plant.'],
  ['20', 'Football on the flat roof', 26_500, 'Young people', 'The Mill estate', 'Ashbourne Leisure', 'A cage with lights on top of the car park that nobody uses.', 'The engineer’s report says that the roof bears it. Open until nine.'],
  ['21', 'Welcome boxes for new neighbours', 1_600, 'Getting together', null, 'The Mill Residents’ Association', 'A map, a bus ticket, a plant and somebody’s telephone number.', 'A hundred boxes, in nine languages.'],
  ['22', 'Winter coats swap', 950, 'Getting by', null, 'St Mary’s Pantry', 'Bring one, take one; or just take one.', 'Racks, washing and a Saturday in October.'],
  ['23', 'Mural on the railway bridge', 5_400, 'Getting together', 'Station Quarter', 'Ashbourne Arts', 'Painted by anybody who turns up, drawn by two artists from the hill.', 'The railway has agreed. It is sealed against weather for ten years.'],
  ['24', 'Debt adviser on Mondays', 9_900, 'Getting by', null, 'Ashbourne Advice Centre', 'In the room above the pharmacy, without an appointment.', 'One trained adviser for 45 Mondays. Last year the centre turned away six people a week.'],
];

const spring: readonly Row[] = [
  ['1', 'Seeds and soil for every balcony', 1_800, 'Getting together', null, 'Hilltop Allotment Society', 'Three hundred kits, and somebody to ask.', 'Given out at the spring fair.'],
  ['2', 'Bus to the sea', 2_600, 'Getting together', null, TRUST, 'Two coaches, one Sunday in August, chips included.', 'For families who have not been away.'],
  ['3', 'Bench at the top of the steps', 1_450, 'Streets', 'Hilltop', 'Ashbourne Streets team', 'Eighty-four steps, and now a place to sit.', 'With arms, and a view.'],
  ['4', 'Drum lessons in the youth centre', 3_200, 'Young people', 'The Mill estate', 'Ashbourne Youth Council', 'Six kits with headphones, so that the neighbours stay friends.', 'Two afternoons a week for a year.'],
  ['5', 'Defibrillator on Kiln Street', 1_950, 'Health', 'Kiln Street', 'Kiln Street Surgery', 'On the wall of Khan’s, open day and night.', 'With a training evening for the street.'],
  ['6', 'Film nights for grown-ups', 2_900, 'Getting together', 'Station Quarter', 'Ashbourne Arts', 'A projector, a licence and twelve evenings.', 'Subtitled, with the hearing loop on.'],
];

function describe(rows: readonly Row[]): DemonstrationProject[] {
  return rows.map(([number, title, pounds, category, area, delivererName, summary, description]) =>
    ({ number, title, costMinor: pounds * 100, category, area, delivererName, summary, description }));
}

export const autumnProjects = describe(autumn);
export const springProjects = describe(spring);
