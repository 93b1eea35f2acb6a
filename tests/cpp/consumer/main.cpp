// Says what is broken, out of the logs named on the command line: the whole of the library in twenty lines.
#include <iostream>
#include <string>
#include <synclens/correlate.hpp>
#include <vector>

int main(int count, char** arguments) {
  try {
    const std::vector<std::string> folders = {SYNCLENS_CATALOGUE};
    const synclens::Catalogue catalogue = synclens::Catalogue::load(folders);
    synclens::Analyzer analyzer(catalogue);
    for (int n = 1; n < count; ++n) analyzer.add({arguments[n], synclens::open_file(arguments[n])});
    const synclens::Diagnosis diagnosis = analyzer.conclude();
    std::cout << to_string(diagnosis.verdict.status) << ": " << diagnosis.verdict.summary << '\n';
    for (const synclens::Finding& finding : diagnosis.findings)
      std::cout << to_string(finding.severity) << ' ' << finding.cause << ": " << finding.title << '\n';
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
