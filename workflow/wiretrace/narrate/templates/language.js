"use strict";
(function () {
  var root = document.documentElement;
  var buttons = document.querySelectorAll("[data-language]");
  function speak(language) {
    root.lang = language;
    buttons.forEach(function (b) { b.setAttribute("aria-pressed", String(b.dataset.language === language)); });
  }
  buttons.forEach(function (b) { b.addEventListener("click", function () { speak(b.dataset.language); }); });
  if (location.search === "?ja") { speak("ja"); }
  // A page from disk keeps nothing, so a link to another page of the report carries the language along.
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href]"), address = link ? link.getAttribute("href") : "";
    if (/^[^:#?]+\.html(\?ja)?(#|$)/.test(address)) {
      link.setAttribute("href", address.replace(/\.html(\?ja)?/, root.lang === "ja" ? ".html?ja" : ".html"));
    }
  }, true);
})();
