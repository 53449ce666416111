/** Prometheus's formats of numbers, those that our annotations use. */
const FORMATS = {
  humanize: value => String(Number(value.toPrecision(4))),
  humanizeDuration: value => {
    const whole = Math.floor(value);
    const parts = [
      [Math.floor(whole / 86400), 'd'],
      [Math.floor(whole / 3600) % 24, 'h'],
      [Math.floor(whole / 60) % 60, 'm'],
    ];
    const from = parts.findIndex(([count]) => count > 0);
    return from < 0
      ? `${Number(value.toPrecision(4))}s`
      : [...parts.slice(from), [whole % 60, 's']]
          .map(([count, unit]) => `${count}${unit}`)
          .join(' ');
  },
};

/**
 * Fills `{{ $value | format }}` into an annotation.
 *
 * @throws for whatever else stands between the braces
 */
export function fill(template, value) {
  return template.replace(/\{\{(.*?)\}\}/g, (_, inside) => {
    const [variable, format, ...more] = inside.trim().split(/\s*\|\s*/);
    if (variable !== '$value' || more.length || (format && !FORMATS[format])) {
      throw new Error(`the tests cannot fill in '{{${inside}}}'`);
    }
    return format ? FORMATS[format](value) : String(value);
  });
}
