import { dawn } from './colors';

/** Where the geese fly: the leader, then two lines that fall behind. */
const FLOCK = [
  { x: 29, y: 16, opacity: 1 },
  { x: 20, y: 10.8, opacity: 0.9 },
  { x: 20, y: 21.2, opacity: 0.9 },
  { x: 11, y: 5.6, opacity: 0.75 },
  { x: 11, y: 26.4, opacity: 0.75 },
];

/** A pair of wings around the origin, in flight to the right. */
const WINGS = 'M-5.2-4.2Q-3.6-.7 0 0Q-3.6.7-5.2 4.2';

/** A skein of geese; with the name beside it where there is room. */
export const Logo = ({ withName = false }: { withName?: boolean }) => (
  <svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox={withName ? '0 0 112 32' : '0 0 32 32'}
    height={32}
    role="img"
    aria-label="Skein"
  >
    {FLOCK.map(({ x, y, opacity }, index) => (
      <path
        key={`${x},${y}`}
        d={WINGS}
        transform={`translate(${x} ${y})`}
        fill="none"
        stroke={index === 0 ? dawn : 'currentColor'}
        strokeOpacity={opacity}
        strokeWidth={2}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    ))}
    {withName && (
      <text
        x={38}
        y={24}
        fill="currentColor"
        fontFamily="Helvetica Neue, Helvetica, Roboto, Arial, sans-serif"
        fontSize={23}
        fontWeight={700}
        letterSpacing={0.3}
      >
        Skein
      </text>
    )}
  </svg>
);
