import { parseEntityRef } from '@backstage/catalog-model';
import { EntityRefLink } from '@backstage/plugin-catalog-react';

const SHOWN = 2;

/** Entities by name; the first few of many, all of them on hover. */
export function RefList(props: { refs: string[] }) {
  const { refs } = props;
  if (refs.length === 0) {
    return <>–</>;
  }
  const more = refs.length - SHOWN;
  return (
    <span title={more > 0 ? refs.join('\n') : undefined}>
      {refs.slice(0, SHOWN).map((ref, index) => (
        <span key={ref}>
          {index > 0 && ', '}
          <EntityRefLink
            entityRef={ref}
            title={parseEntityRef(ref).name}
            hideIcon
            disableTooltip
          />
        </span>
      ))}
      {more > 0 && ` and ${more} more`}
    </span>
  );
}
