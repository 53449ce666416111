import { Place } from '../places/Place';
import { csvFormat } from './csvFormat';
import { Format } from './Format';
import { ndjsonFormat } from './ndjsonFormat';
import { parquetFormat } from './parquetFormat';

/** The format of a place. */
export function formatOf(place: Pick<Place, 'format' | 'delimiter'>): Format {
  switch (place.format) {
    case 'parquet':
      return parquetFormat;
    case 'csv':
      return csvFormat(place.delimiter);
    default:
      return ndjsonFormat;
  }
}
