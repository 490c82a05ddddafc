/** Classes of a map, as the server tells them: fixed, so that colours can be compared. */

/** The class of a value: -1 for 0, else the one whose low it is above and whose high it does not pass. */
export const classOf = (value: number, classes: readonly { high: number | null }[]): number => (value <= 0 ? -1 : classes.findIndex(({ high }) => high === null || value <= high));
