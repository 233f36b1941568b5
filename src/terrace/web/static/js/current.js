// A row of places that runs on beyond the edge shows the one where we are.
export default function current(row) {
  const here = row.querySelector("[aria-current]");
  if (!here || row.scrollWidth <= row.clientWidth) return;
  row.scrollLeft += here.getBoundingClientRect().left - row.getBoundingClientRect().left - (row.clientWidth - here.offsetWidth) / 2;
}
