# Kernel densities by spatstat on the points of references.json, for tests/unit/surface_test.cpp: Rscript make_spatstat.R > spatstat.json (spatstat.explore 3.0-6).
# It puts points on its own raster of 12.5 m before it smooths them, which is what limits agreement. Base R writes the JSON.
suppressMessages(library(spatstat.explore))
text <- paste(readLines("references.json"), collapse = "")
numbers <- function(name, width) {
  body <- regmatches(text, regexpr(paste0('"', name, '": \\[[^a-z]*\\]'), text))
  values <- as.numeric(regmatches(body, gregexpr("-?[0-9.]+(e-?[0-9]+)?", body))[[1]])
  matrix(values, ncol = width, byrow = TRUE)
}
points <- numbers("points", 2); weights <- numbers("weights", 1)[, 1]; places <- numbers("places", 2)
window <- owin(poly = list(x = c(0, 6000, 6000, 2500, 2500, 0), y = c(0, 0, 2000, 2000, 5000, 5000)))
pattern <- ppp(points[, 1], points[, 2], window = window)
at <- function(...) {
  image <- density(pattern, sigma = 500, weights = weights, eps = 12.5, ...)
  paste0("[", paste(format(interp.im(image, places[, 1], places[, 2]), digits = 10), collapse = ", "), "]")
}
cat('{"none": ', at(edge = FALSE), ',\n"uniform": ', at(edge = TRUE), ',\n"jones_diggle": ', at(edge = TRUE, diggle = TRUE), '}\n', sep = "")
