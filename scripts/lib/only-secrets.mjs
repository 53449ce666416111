/** Within these, what is valid decides what is looked at. */
const CHOICES = ['allOf', 'anyOf', 'oneOf', 'not', 'if'];

/** How a config schema of Backstage says that a value is secret, or says it elsewhere. */
const MAY_SAY_SECRET = /"(visibility|deepVisibility)":"secret"|"\$ref"/;

/**
 * Takes all from a config schema that does not matter for which values are
 * secret. Names of properties stay, as `additionalProperties` are all others.
 *
 * @param {object} schema - A JSON Schema with the keywords of Backstage.
 */
export function onlySecrets(schema) {
  if (!MAY_SAY_SECRET.test(JSON.stringify(schema))) return {};
  if (CHOICES.some(keyword => keyword in schema)) return schema;
  const { properties, items } = schema;
  const left = { ...schema };
  if (properties) {
    left.properties = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [
        name,
        onlySecrets(property),
      ]),
    );
  }
  if (items && !Array.isArray(items)) left.items = onlySecrets(items);
  return left;
}
