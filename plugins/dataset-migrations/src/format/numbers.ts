const plain = new Intl.NumberFormat('en-US');
const compact = new Intl.NumberFormat('en-US', {
  notation: 'compact',
  maximumFractionDigits: 1,
});

/** `3000000` → `3,000,000`. */
export function formatCount(count: number): string {
  return plain.format(count);
}

/** `1, 'row'` → `1 row`; `3000, 'row'` → `3,000 rows`. */
export function formatQuantity(count: number, noun: string): string {
  return `${plain.format(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `412345` → `412.3K rows/s`. */
export function formatRate(rowsPerSecond: number): string {
  return `${compact.format(rowsPerSecond)} rows/s`;
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Decimal units: `48213000` → `48.2 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${byteUnits[unit]}`;
}
