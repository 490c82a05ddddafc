# Adds to the reference values those of R: see make_references.py. Reads inputs.json, writes r.json.
suppressPackageStartupMessages({library(spdep); library(survival); library(jsonlite)})
here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))))
inputs <- fromJSON(file.path(here, "inputs.json"), simplifyMatrix = FALSE)
area <- inputs$chicago
versions <- sapply(c("spdep", "survival"), function(p) as.character(packageVersion(p)))
neighbours <- structure(lapply(area$neighbours, function(x) as.integer(x) + 1L), class = "nb", region.id = area$code)

poisson <- EBest(area$events, area$exposure)
binomial <- EBest(area$inspected, area$exposure, family = "binomial")
clipped <- EBest(c(1, 12, 30, 4, 0, 9), c(2, 60, 200, 25, 3, 40))
local <- EBlocal(area$events, area$exposure, neighbours, geoda = TRUE)

write_json(list(
  made_by = "make_references.R", versions = as.list(c(R = as.character(getRversion()), versions)),
  smooth = list(poisson = poisson$estmm, a = attr(poisson, "parameters")$a, binomial = binomial$estmm, clipped = clipped$estmm,
                local = local$est, local_mean = attr(local, "parameters")$m, local_variance = attr(local, "parameters")$a)
), file.path(here, "r.json"), digits = NA, auto_unbox = TRUE, na = "null")
