import { Location } from '@skein/backstage-plugin-dataset-migrations-node';

/** Where the objects of a dataset are, as records keep it. */
export interface Located {
  /** Of the contract's object; of the first one where there are several. */
  location: Location;
  furtherLocations?: Location[];
}

/** In the order of the objects. */
export function locationsOf(located: Located): Location[] {
  return [located.location, ...(located.furtherLocations ?? [])];
}

/** For people: `warehouse.public.airports and warehouse.public.carriers`. */
export function displayOf(located: Located): string {
  return locationsOf(located)
    .map(({ display }) => display)
    .join(' and ');
}
