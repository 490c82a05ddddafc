/** The measures of docs/figures.md as the page groups and colours them. */

/** worse: more is a burden; better: more is an achievement; plain: neither; risk: official colours. */
export type Tendency = 'worse' | 'better' | 'plain' | 'risk';
export type MeasureGroup = 'hazards' | 'rectification' | 'inspections' | 'patrols' | 'supervision' | 'risk_and_accidents';

const GROUPS = {
  hazards: {
    hazard_density: 'worse', open_hazard_density: 'worse', weighted_hazard_density: 'worse', weighted_open_hazard_density: 'worse', hazards_per_enterprise: 'worse',
    open_hazards_per_enterprise: 'worse', hazards_per_1000_employees: 'worse', open_hazards_per_1000_employees: 'worse', hazards_per_inspection: 'worse', hazards_per_patrol: 'worse',
  },
  rectification: { rectification_rate: 'better', on_time_rate: 'better', time_to_rectify: 'worse', overdue_hazards: 'worse', recurrence_90d: 'worse', major_reinspection: 'better' },
  inspections: {
    inspection_coverage: 'better', due_coverage: 'better', frequency_compliance: 'better', risk_weighted_coverage: 'better', overdue_enterprises: 'worse', over_inspection: 'worse',
    inspection_visits: 'plain', inspections_attempted: 'plain',
  },
  patrols: {
    patrol_coverage: 'better', patrol_due_coverage: 'better', patrol_frequency_compliance: 'better', patrol_risk_weighted_coverage: 'better', patrol_overdue_enterprises: 'worse',
    patrol_visits: 'plain', patrols_attempted: 'plain',
  },
  supervision: { effective_supervision: 'better', officers_per_100_enterprises: 'better', enterprises_per_safety_officer: 'worse', exempt_enterprises: 'plain', cells_per_km2: 'plain' },
  risk_and_accidents: { risk_highest: 'risk', risk_index: 'worse', accidents: 'worse', accidents_per_enterprise: 'worse' },
} as const satisfies Record<MeasureGroup, Record<string, Tendency>>;

type Names<T> = T extends T ? keyof T : never;
export type MeasureName = Names<(typeof GROUPS)[MeasureGroup]> & string;

export const MEASURE_GROUPS = Object.entries(GROUPS).map(([group, measures]) => ({ group: group as MeasureGroup, measures: Object.keys(measures) as MeasureName[] }));
const TENDENCIES = new Map<string, Tendency>(Object.values(GROUPS).flatMap((g) => Object.entries(g)));
export const MEASURES = [...TENDENCIES.keys()] as MeasureName[];

export const tendencyOf = (measure: string): Tendency => TENDENCIES.get(measure) ?? 'plain';
export const isMeasure = (name: string): name is MeasureName => TENDENCIES.has(name);
export const measureOf = (name: string): MeasureName => (isMeasure(name) ? name : 'open_hazard_density');
/** Hazards are found by who looks: such a figure says so beside it. */
export const dependsOnEffort = (measure: string): boolean => /hazard/.test(measure) && !/overdue|rectif/.test(measure);
