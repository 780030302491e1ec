"use strict";
(function () {
  function unfold() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var details = target && target.querySelector("details"), rest = target && target.closest(".rest");
    if (rest) { rest.open = true; }
    if (target && target.classList.contains("claim") && details) { details.open = true; target.scrollIntoView(); }
  }
  window.addEventListener("hashchange", unfold);
  document.querySelectorAll("a[href^='#claim-']").forEach(function (a) { a.addEventListener("click", function () { setTimeout(unfold, 0); }); });
  unfold();
  function all(open) { document.querySelectorAll(".rest, .claim > details").forEach(function (d) { d.open = open; }); }
  document.getElementById("expand").addEventListener("click", function () { all(true); });
  document.getElementById("collapse").addEventListener("click", function () { all(false); });
  window.addEventListener("beforeprint", function () { all(true); document.querySelector(".legend").open = true; });
  document.getElementById("filter").addEventListener("input", function (event) {
    var wanted = event.target.value.trim().toLowerCase();
    document.querySelectorAll(".rest").forEach(function (rest) { rest.open = wanted !== ""; });
    document.querySelectorAll(".claim").forEach(function (claim) {
      claim.hidden = wanted !== "" && claim.textContent.toLowerCase().indexOf(wanted) < 0;
    });
  });
})();
