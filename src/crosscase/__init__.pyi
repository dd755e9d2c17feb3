# What `import crosscase` leads to, for editors and type checkers; imported when it is asked for (`__init__.py`).
from crosscase import agreement as agreement
from crosscase import analyses as analyses
from crosscase import comparison as comparison
from crosscase import concordance as concordance
from crosscase import configurations as configurations
from crosscase import figures as figures
from crosscase import matrices as matrices
from crosscase import saturation as saturation
from crosscase import synthesis as synthesis
from crosscase.publish.study_results import load_results as load_results
from crosscase.study import list_studies as list_studies
from crosscase.study import load_study as load_study

__version__: str
