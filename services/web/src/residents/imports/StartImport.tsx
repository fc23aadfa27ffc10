export default function StartImport() {
  return null;
}
