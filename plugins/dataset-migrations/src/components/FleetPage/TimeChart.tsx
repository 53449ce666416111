import { useTheme } from '@material-ui/core/styles';
import { DateTime } from 'luxon';
import {
  Area,
  AreaChart,
  CartesianGrid,
  Legend,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { toneColor } from '../shared/tones';
import { VisuallyHidden } from '../shared/VisuallyHidden';
import { describeChart, Series, TimePoint } from './series';
import { HistoryRange } from './useHistoryRange';

/** Lines over time, from zero; described in words for those who do not see them. */
export function TimeChart(props: {
  title: string;
  range: HistoryRange;
  /** At least one, oldest first. */
  points: TimePoint[];
  series: Series[];
  format(value: number): string;
  height: number;
}) {
  const { title, range, points, series, format, height } = props;
  const theme = useTheme();
  const { palette, typography } = theme;
  const tick = {
    fill: palette.text.secondary,
    fontSize: 12,
    fontFamily: typography.fontFamily,
  };
  const timeOf = (at: number, pattern: string) =>
    DateTime.fromMillis(at).toFormat(pattern);

  return (
    <figure style={{ margin: 0 }}>
      <VisuallyHidden>
        <figcaption>
          {describeChart(title, series, points, range, format)}
        </figcaption>
      </VisuallyHidden>
      <ResponsiveContainer
        width="100%"
        height={height}
        initialDimension={{ width: 250, height }}
      >
        <AreaChart
          data={points}
          margin={{ top: 4, right: 8, bottom: 0, left: 0 }}
          title={title}
        >
          <CartesianGrid vertical={false} stroke={palette.divider} />
          <XAxis
            dataKey="at"
            type="number"
            scale="time"
            domain={['dataMin', 'dataMax']}
            tickFormatter={at => timeOf(at, range.format)}
            tick={tick}
            tickLine={false}
            axisLine={{ stroke: palette.divider }}
            minTickGap={28}
          />
          <YAxis
            width="auto"
            tickFormatter={format}
            tick={tick}
            tickLine={false}
            axisLine={false}
            tickCount={4}
            allowDecimals={false}
          />
          <Tooltip
            isAnimationActive={false}
            formatter={value => format(Number(value))}
            labelFormatter={at => timeOf(Number(at), 'ccc d LLL, HH:mm:ss')}
            contentStyle={{
              backgroundColor: palette.background.paper,
              borderColor: palette.divider,
              borderRadius: theme.shape.borderRadius,
            }}
            labelStyle={{ color: palette.text.secondary }}
            itemStyle={{ color: palette.text.primary }}
          />
          {series.length > 1 && (
            <Legend
              iconType="plainline"
              formatter={name => (
                <span style={{ color: palette.text.primary, fontSize: 12 }}>
                  {name}
                </span>
              )}
            />
          )}
          {series.map(({ key, name, tone }, index) => (
            <Area
              key={key}
              dataKey={key}
              name={name}
              type="monotone"
              stroke={toneColor(theme, tone)}
              fill={toneColor(theme, tone)}
              fillOpacity={0.14}
              // Not told apart by colour alone.
              strokeDasharray={index > 0 ? '5 3' : undefined}
              strokeWidth={2}
              isAnimationActive={false}
            />
          ))}
        </AreaChart>
      </ResponsiveContainer>
    </figure>
  );
}
