"use strict";
(function () {
  var PAGE = 100, body = document.body, files = Number(body.dataset.files);
  var loaded = [], rows = [], shown = [], at = 0, sorted = null, down = false, wanted = 0;
  var search = document.getElementById("search"), column = document.getElementById("column");
  var list = document.getElementById("rows"), told = document.getElementById("told");
  window.take = function (number, part) { loaded[number] = part; };
  function load(number, then) {
    if (number >= files || loaded[number]) { then(); return; }
    var script = document.createElement("script");
    script.charset = "utf-8";
    script.src = body.dataset.table + "." + number + ".js";
    script.onload = then;
    script.onerror = function () { told.textContent = script.src; };
    document.head.appendChild(script);
  }
  // The first file is enough to show the first rows; whoever searches or sorts needs them all.
  function all(number, then) {
    if (number >= files) { then(); return; }
    told.textContent = (number + 1) + " / " + files;
    load(number, function () { all(number + 1, then); });
  }
  function words(text) { return text.toLowerCase().split(/\s+/).filter(Boolean); }
  function fits(row, terms, index) {
    var text = (index === "" ? row.join("\n") : row[Number(index)]).toLowerCase();
    return terms.every(function (term) { return text.indexOf(term) >= 0; });
  }
  function order(a, b) {
    var x = a[sorted.index], y = b[sorted.index], sign = down ? -1 : 1;
    if (x === "" || y === "") { return x === y ? 0 : x === "" ? 1 : -1; }
    if (sorted.number) { return sign * (Number(x) - Number(y)); }
    return x === y ? 0 : sign * (x < y ? -1 : 1);
  }
  function choose() {
    var terms = words(search.value), mine = ++wanted, needed = terms.length || sorted || at ? files : 1;
    (needed > 1 ? all : load)(0, function () {
      if (mine !== wanted) { return; }
      rows = [].concat.apply([], loaded);
      shown = terms.length ? rows.filter(function (row) { return fits(row, terms, column.value); }) : rows.slice();
      if (sorted) { shown.sort(order); }
      draw();
    });
  }
  function draw() {
    var whole = loaded.filter(Boolean).length >= files;
    at = Math.max(0, Math.min(at, Math.floor(Math.max(shown.length - 1, 0) / PAGE) * PAGE));
    list.textContent = "";
    shown.slice(at, at + PAGE).forEach(function (row) {
      var line = list.insertRow();
      row.forEach(function (cell, index) {
        var place = line.insertCell();
        place.textContent = cell;
        place.dir = "auto";
        if (heads[index].dataset.number !== undefined) { place.className = "number"; }
      });
    });
    told.textContent = (shown.length ? at + 1 : 0) + "–" + Math.min(at + PAGE, shown.length) + " / " + (whole ? shown.length : body.dataset.rows);
  }
  function turn(step) { at += step; choose(); }
  var heads = document.querySelectorAll("th button");
  heads.forEach(function (head) {
    head.addEventListener("click", function () {
      var index = Number(head.dataset.column);
      down = sorted !== null && sorted.index === index && !down;
      sorted = { index: index, number: head.dataset.number !== undefined };
      heads.forEach(function (other) { other.parentNode.removeAttribute("aria-sort"); });
      head.parentNode.setAttribute("aria-sort", down ? "descending" : "ascending");
      at = 0;
      choose();
    });
  });
  search.addEventListener("input", function () { at = 0; choose(); });
  column.addEventListener("change", function () { at = 0; choose(); });
  document.getElementById("before").addEventListener("click", function () { turn(-PAGE); });
  document.getElementById("after").addEventListener("click", function () { turn(PAGE); });
  function asked() { search.value = decodeURIComponent(location.hash.slice(1)); at = 0; choose(); }
  window.addEventListener("hashchange", asked);
  asked();
})();
