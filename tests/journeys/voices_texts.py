"""What the ten organisations want: short texts of the journey, some of them nearly the same."""

SHEET = """ASEAN
1. No employer may keep the passport of a migrant worker.
2. No migrant worker pays a fee for recruitment.
3. Domestic work is work, with one day of rest in each week.
4. The Declaration protects migrant workers without papers too.
5. Families may follow a migrant worker after one year.
6. Migrant workers may form and join unions in every member state.
7. Wages are paid into an account in the name of the worker.
Government of Indonesia
8. Ratify the Convention on the rights of all migrant workers of 1990.
9. The ministry checks every contract before a worker departs.
10. Each district has an office that takes complaints."""
LINES = [line.partition(". ")[2] for line in SHEET.splitlines() if line[0].isdigit()]
PASSPORT, FEE, DOMESTIC, PAPERS, FAMILY, UNIONS, WAGES, RATIFY, CONTRACT, OFFICE = LINES

PAPER = (
    ("Title", "Position paper of seafarers"),
    ("", "We are a union of those who work at sea."),
    ("Heading 1", "ASEAN"),
    ("List Number", "No employer and no captain may keep the passport of a migrant worker."),
    ("List Number", "No migrant worker and no seafarer pays a fee for recruitment."),
    ("Heading 1", "Government of Indonesia"),
    ("List Number", "The ministry checks every contract before a seafarer departs."),
    ("List Number", "Ships are inspected in port while the crew is on board."),
)
CAPTAIN, SEAFARER, AT_SEA, SHIPS = [words for style, words in PAPER if style == "List Number"]

KEPT = "No employer may ever keep the passport of a migrant worker."
REST = "Domestic work is work, with a full day of rest in each week."
TWO = f"{KEPT} {REST}"
LEGAL = "Legal aid and an interpreter are free for every migrant worker before a court."
BACK = "Fees that were taken from a migrant worker are paid back within three months."
WITHOUT = "The Declaration protects all migrant workers without papers too."
RATIFY_ID = "Pemerintah meratifikasi Konvensi tentang hak semua pekerja migran tahun 1990."
RATIFY_EN = "The government ratifies the Convention on the rights of all migrant workers of 1990."
FOUR_OF_FIVE = "Four of five fishers whom we asked paid more than one month of wages for their place."
COSTS = "The state where a worker comes from shares the costs of hiring with the employer."
LICENCES = "The ministry renews the licences of agencies online and within ten days."

SECRETARIAT = "ASEAN Secretariat"
MINISTRY = "Ministry for the Protection of Indonesian Migrant Workers"
PREAMBLE = "We, organisations of workers and of those who stand by them, met in Jakarta on the Declaration."
PREAMBLE_ID = "Kami, organisasi pekerja dan para pendampingnya, bertemu di Jakarta mengenai Deklarasi."
STATEMENT, STATEMENT_ID = "Jakarta Statement", "Pernyataan Jakarta"
# The common text, as the desk words it.
NO_KEEPING = "No employer and no captain may keep the passport of a migrant worker.\n\nWhoever keeps one is fined."
NO_FEE = "No migrant worker pays a fee for recruitment, and fees that were taken are paid back."
COUNTED = "Domestic work is work, with one day of rest in each week."
ALL_WORKERS = "The Declaration protects all migrant workers, with papers and without."
ORGANISE = "Migrant workers may form and join unions in every member state."
ACCOUNTS = "Wages are paid into an account in the name of the worker."
RATIFIES = "The government ratifies the Convention of 1990 on the rights of all migrant workers."
CHECKED = "The ministry checks every contract before a worker or a seafarer departs."
WITH_AID = "Each district has an office that takes complaints, with legal aid."
COMPLAINTS = "Each district has an office that takes complaints."
INSPECTED = "Ships are inspected in port while the crew is on board."
NO_KEEPING_ID = "Majikan dan nakhoda dilarang menahan paspor pekerja migran.\n\nSiapa yang menahannya didenda."
PAID = "Whoever keeps one is fined and pays the worker for each day."
NO_KEEPING_PAID = NO_KEEPING.replace("Whoever keeps one is fined.", PAID)
NO_KEEPING_PAID_ID = NO_KEEPING_ID.replace("didenda.", "didenda dan membayar pekerja untuk setiap hari.")
SOME_CHECKED = "The ministry checks some contracts before a worker or a seafarer departs."
WITHIN = NO_FEE.replace("are paid back", "are paid back within three months")
FULL_DAY = "Domestic work is work, with one full day of rest in each week."
RESERVATION = "We join, but ask for a count of the contracts first."
