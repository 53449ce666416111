/** The sky behind the geese, from night to morning. */
export const night = '#16293f';
export const dusk = '#2b5c8a';
export const dawn = '#f2a65a';
