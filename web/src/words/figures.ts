/** Names of measures, units and reasons, as docs/figures.md has them. */
import type { MeasureName } from '../measures';

export const measureNames: Record<MeasureName, readonly [zh: string, en: string]> = {
  hazard_density: ['隐患密度', 'Hazard density'], open_hazard_density: ['未销号隐患密度', 'Open hazard density'], weighted_hazard_density: ['加权隐患密度', 'Weighted hazard density'],
  weighted_open_hazard_density: ['加权未销号隐患密度', 'Weighted open hazard density'], hazards_per_enterprise: ['户均隐患', 'Hazards per enterprise'], open_hazards_per_enterprise: ['户均存量隐患', 'Open hazards per enterprise'],
  hazards_per_1000_employees: ['千人隐患', 'Hazards per 1,000 employees'], open_hazards_per_1000_employees: ['千人存量隐患', 'Open hazards per 1,000 employees'], hazards_per_inspection: ['次均发现隐患（检查）', 'Hazards per inspection'],
  hazards_per_patrol: ['次均发现隐患（巡查）', 'Hazards per patrol'], rectification_rate: ['整改率', 'Rectification rate'], on_time_rate: ['按期整改率', 'On-time rate'], time_to_rectify: ['整改用时（中位）', 'Time to rectify (median)'],
  overdue_hazards: ['逾期未整改', 'Overdue hazards'], recurrence_90d: ['90日复发率', 'Recurrence in 90 days'], major_reinspection: ['重大隐患复查率', 'Major hazards re-inspected'], inspection_coverage: ['检查覆盖率', 'Inspection coverage'],
  due_coverage: ['到期检查完成率', 'Due inspections done'], frequency_compliance: ['检查频次达标率', 'Inspection frequency met'], risk_weighted_coverage: ['风险加权覆盖率', 'Risk-weighted coverage'], overdue_enterprises: ['超期未检查企业', 'Overdue for inspection'],
  over_inspection: ['超频次检查', 'Inspected too often'], inspection_visits: ['检查家次', 'Inspections'], inspections_attempted: ['未成检查', 'Inspections attempted'], patrol_coverage: ['巡查覆盖率', 'Patrol coverage'],
  patrol_due_coverage: ['到期巡查完成率', 'Due patrols done'], patrol_frequency_compliance: ['巡查频次达标率', 'Patrol frequency met'], patrol_risk_weighted_coverage: ['巡查风险加权覆盖率', 'Risk-weighted patrol coverage'],
  patrol_overdue_enterprises: ['超期未巡查企业', 'Overdue for patrol'], patrol_visits: ['巡查家次', 'Patrols'], patrols_attempted: ['未成巡查', 'Patrols attempted'], effective_supervision: ['有效监管率', 'Effective supervision'],
  officers_per_100_enterprises: ['每百家监管人员', 'Officers per 100 enterprises'], enterprises_per_safety_officer: ['安全员人均企业', 'Enterprises per safety officer'], exempt_enterprises: ['免检企业', 'Exempt enterprises'],
  cells_per_km2: ['网格密度', 'Villages per km²'], risk_highest: ['最高风险等级（就高）', 'Highest risk grade'], risk_index: ['风险指数', 'Risk index'], accidents: ['事故起数', 'Accidents'], accidents_per_enterprise: ['户均事故', 'Accidents per enterprise'],
};

export const units: Record<string, readonly [zh: string, en: string]> = {
  '1/km2': ['个/km²', 'per km²'], '1/enterprise': ['个/企业', 'per enterprise'], '1/visit': ['个/次', 'per visit'], '1/1000 employees': ['个/千人', 'per 1,000 employees'], '1/100 enterprises': ['人/百家', 'per 100 enterprises'],
  'enterprise/officer': ['家/人', 'enterprises each'], visit: ['家次', 'visits'], day: ['天', 'days'], accident: ['起', 'accidents'], enterprise: ['家', 'enterprises'], hazard: ['个', 'hazards'], km2: ['km²', 'km²'], officer: ['人', 'officers'],
  '1000 employees': ['千人', 'thousand employees'], 'weighted enterprise': ['加权家', 'weighted enterprises'], weight: ['', ''], 'risk grade': ['', ''],
};

export const reasons: Record<string, readonly [zh: string, en: string]> = {
  no_area: ['无面积', 'no area'], no_enterprise: ['无企业', 'no enterprise'], no_headcount: ['无人数', 'no headcount'], no_visits: ['无检查', 'no visits'], other_source: ['来源不符', 'other source'], other_grade: ['等级不符', 'other grade'], nothing_found: ['未发现隐患', 'nothing found'], all_open: ['均未销号', 'all open'],
  median_not_reached: ['半数未销号', 'most still open'], no_deadline: ['无到期', 'no deadline'], nothing_open: ['无未销号', 'nothing open'], nothing_closed: ['无销号', 'nothing closed'], no_denominator: ['无企业', 'no enterprise'],
  nothing_due: ['无到期', 'nothing due'], no_officer: ['无安全员', 'no officer'], no_grade: ['未定级', 'not graded'], not_begun: ['尚未开始', 'not begun'], cumulative_period: ['累计期不环比', 'cumulative period'], map_begins_later: ['网格此前未建', 'map begins later'],
  records_begin_later: ['此前无记录', 'records begin later'], no_such_cell: ['当时无此网格', 'no such cell then'], nothing_before: ['此前为零', 'zero before'], little_inspection: ['检查不足', 'too few inspections'], little_patrol: ['巡查不足', 'too few patrols'],
  few_enterprises: ['企业太少', 'too few enterprises'], ended: ['已撤并', 'ended'], no_shape: ['无图形', 'no shape'], no_location: ['无位置', 'no location'], in_no_village: ['未落村居', 'in no village'], no_lead_department: ['无牵头部门', 'no lead department'],
  inspection_overdue: ['超期未检查', 'inspection overdue'], vacant: ['空缺', 'vacant'], no_certificate: ['无证', 'no certificate'],
};

/** What a cell is, in its register's words; a level stands for itself where the register does not say. */
export const kinds: Record<string, readonly [zh: string, en: string]> = {
  district: ['区县', 'district'], town: ['街镇(园区)', 'town'], village: ['村居', 'village'], enterprise: ['企业', 'enterprise'], city: ['市', 'city'], county: ['县', 'county'], sub_district: ['街道', 'sub-district'], township: ['乡', 'township'],
  park: ['园区', 'industrial park'], development_zone: ['开发区', 'development zone'], community: ['社区', 'community'], residential_community: ['居民社区', 'residential community'], neighbourhood: ['居委会', 'neighbourhood'], administrative_village: ['行政村', 'village'],
  区: ['区', 'district'], 县: ['县', 'county'], 市: ['市', 'city'], 街道: ['街道', 'sub-district'], 镇: ['镇', 'town'], 乡: ['乡', 'township'], 园区: ['园区', 'industrial park'], 社区: ['社区', 'community'], 村: ['村', 'village'], 行政村: ['行政村', 'village'], 居委会: ['居委会', 'neighbourhood'],
  'community area': ['社区片区', 'community area'], 'census tract': ['普查区', 'census tract'], ward: ['选区', 'ward'], highrise: ['高层建筑', 'high-rise'], grid: ['网格', 'grid'],
};
