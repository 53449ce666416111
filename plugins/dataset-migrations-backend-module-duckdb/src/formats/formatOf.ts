import { Place } from '../places/Place';
import { Dialect, STANDARD } from './csvDialect';
import { csvFormat } from './csvFormat';
import { Format } from './Format';
import { ndjsonFormat } from './ndjsonFormat';
import { parquetFormat } from './parquetFormat';

/**
 * The format of a place.
 *
 * @param dialect - of its CSV files, as it was found; what the contract says of
 *   it where no file was looked at
 */
export function formatOf(
  { format, dialect: given }: Pick<Place, 'format' | 'dialect'>,
  dialect: Dialect = { ...STANDARD, ...given },
): Format {
  switch (format) {
    case 'parquet':
      return parquetFormat;
    case 'csv':
      return csvFormat(dialect);
    default:
      return ndjsonFormat;
  }
}
