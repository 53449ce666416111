import { VisuallyHidden } from './VisuallyHidden';

/** Reads a sentence aloud when it changes. */
export function LiveRegion(props: { message: string }) {
  return (
    <VisuallyHidden>
      <span role="status" aria-live="polite">
        {props.message}
      </span>
    </VisuallyHidden>
  );
}
