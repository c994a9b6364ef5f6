// The map of the results. Everything it shows stands in the list, too: without a script nothing is lost.
(() => {
  "use strict";
  const figure = document.getElementById("map");
  if (!figure || !window.L) return;
  const spots = [...document.querySelectorAll(".entry[data-lat]")].map((entry) => ({
    at: [Number(entry.dataset.lat), Number(entry.dataset.lng)],
    number: entry.dataset.number,
    id: entry.id,
    name: entry.querySelector("h3").textContent.trim(),
  }));
  const centre = figure.dataset.lat ? [Number(figure.dataset.lat), Number(figure.dataset.lng)] : null;
  if (!spots.length) return;
  figure.hidden = false;
  const frame = figure.querySelector(".map-frame");
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", figure.dataset.label);
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(frame, {
    attributionControl: false,
    scrollWheelZoom: false,
    zoomAnimation: !still,
    fadeAnimation: !still,
    markerZoomAnimation: !still,
    maxZoom: 12,
    zoomSnap: 0.25,
  });
  const bounds = L.latLngBounds(spots.map((spot) => spot.at));
  if (centre) {
    bounds.extend(centre);
    const radius = Number(figure.dataset.radius || 0);
    if (radius && radius < 400000) {
      const circle = L.circle(centre, { radius, className: "reach", interactive: false, fill: false });
      circle.addTo(map.setView(centre, 8));
      bounds.extend(circle.getBounds());
    }
  }
  // Nobody stands under the buttons (top left) or the scale (bottom left), or is cut off at an edge.
  map.fitBounds(bounds, { paddingTopLeft: [60, 24], paddingBottomRight: [28, 56], maxZoom: 11 });
  L.control.scale({ imperial: true, metric: true, position: "bottomleft" }).addTo(map);
  // Numbers that would lie on each other at this scale stand in one place.
  const layer = L.layerGroup().addTo(map);
  const near = (a, b) => Math.abs(a.x - b.x) < 44 && Math.abs(a.y - b.y) < 24;
  const draw = () => {
    layer.clearLayers();
    const groups = [];
    for (const spot of spots) {
      const point = map.latLngToLayerPoint(spot.at);
      const group = groups.find((other) => near(other.point, point));
      if (group) group.spots.push(spot);
      else groups.push({ point, spots: [spot] });
    }
    for (const group of groups) {
      const [first, ...others] = group.spots;
      const icon = L.divIcon({ className: "spot", html: "", iconSize: null });
      const marker = L.marker(first.at, { icon, alt: group.spots.map((spot) => spot.name).join(", ") }).addTo(layer);
      const element = marker.getElement();
      element.textContent = others.length ? `${first.number} +${others.length}` : first.number;
      element.setAttribute("aria-label", group.spots.map((spot) => `${spot.number}: ${spot.name}`).join(", "));
      marker.on("click keypress", () => document.getElementById(first.id).querySelector("a").focus());
    }
  };
  draw();
  map.on("zoomend", draw);
  fetch(figure.dataset.outline)
    .then((answer) => answer.json())
    .then((outline) => L.geoJSON(outline, { className: "land", interactive: false }).addTo(map).bringToBack())
    .catch(() => {
      figure.hidden = true;
    });
})();
