# Text files of the project become constants of the binary, so that it is installed as one file.
#
#   gridward_embed(TARGET <library> SCRIPT <generator.py> OUTPUT <header> [SOURCE <source beside it>] DEPENDS <files> ARGS <arguments>)
#
# runs the generator when a file changes, puts the header on the library's include path and compiles the source, if there is one, into it.
function(gridward_embed)
  cmake_parse_arguments(E "" "TARGET;SCRIPT;OUTPUT;SOURCE" "DEPENDS;ARGS" ${ARGN})
  set(out ${CMAKE_BINARY_DIR}/generated/${E_OUTPUT})
  get_filename_component(dir ${out} DIRECTORY)
  file(MAKE_DIRECTORY ${dir})
  set(made ${out})
  if(E_SOURCE)
    list(APPEND made ${CMAKE_BINARY_DIR}/generated/${E_SOURCE})
  endif()
  add_custom_command(
    OUTPUT ${made}
    COMMAND Python3::Interpreter ${E_SCRIPT} --output ${out} ${E_ARGS}
    DEPENDS ${E_SCRIPT} ${E_DEPENDS}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    VERBATIM)
  target_sources(${E_TARGET} PRIVATE ${made})
  target_include_directories(${E_TARGET} PUBLIC ${CMAKE_BINARY_DIR}/generated)
endfunction()
