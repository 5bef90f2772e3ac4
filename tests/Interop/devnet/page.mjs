export default async function suite() {}
