/**
 * Reading contracts and making plans: what the backend, the engines and the
 * catalog module need and a browser does not.
 *
 * @packageDocumentation
 */
export {};
