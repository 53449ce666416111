import { ReactNode } from 'react';
import FormControl from '@material-ui/core/FormControl';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import FormLabel from '@material-ui/core/FormLabel';
import Radio from '@material-ui/core/Radio';
import RadioGroup from '@material-ui/core/RadioGroup';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';

const useStyles = makeStyles(theme => ({
  option: { alignItems: 'flex-start', margin: theme.spacing(0.5, 0) },
  radio: { paddingTop: 2 },
}));

/** One of a few, each with what it means. */
export function Choice<V extends string>(props: {
  label: string;
  value: V;
  options: Array<{ value: V; name: string; help?: ReactNode }>;
  onChange(value: V): void;
}) {
  const { label, value, options, onChange } = props;
  const classes = useStyles();
  return (
    <FormControl component="fieldset">
      <FormLabel component="legend">{label}</FormLabel>
      <RadioGroup
        aria-label={label}
        value={value}
        onChange={event => onChange(event.target.value as V)}
      >
        {options.map(option => (
          <FormControlLabel
            key={option.value}
            value={option.value}
            className={classes.option}
            control={
              <Radio color="primary" size="small" className={classes.radio} />
            }
            label={
              <>
                <Typography variant="body1" component="span">
                  {option.name}
                </Typography>
                {option.help && (
                  <Typography
                    variant="body2"
                    color="textSecondary"
                    component="span"
                    display="block"
                  >
                    {option.help}
                  </Typography>
                )}
              </>
            }
          />
        ))}
      </RadioGroup>
    </FormControl>
  );
}
