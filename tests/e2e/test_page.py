"""What a leader does first: sign in, look at the map, click, read figures and people; and nothing leaves the machine."""
import json
import time

from selenium.webdriver.common.action_chains import ActionChains
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait


def addresses(browser):
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            yield message["params"]["request"]["url"]


def test_a_leader_signs_in_and_reads_the_map(server, browser):
    browser.get(server.base + "/")
    wait = WebDriverWait(browser, 60, ignored_exceptions=[NoSuchElementException, StaleElementReferenceException])  # the page may be drawing what is asked for
    wait.until(lambda b: b.find_element(By.ID, "door").is_displayed())
    browser.find_element(By.ID, "username").send_keys("leader")
    browser.find_element(By.ID, "password").send_keys("wrong")
    browser.find_element(By.CSS_SELECTOR, "#sign_in button").click()
    wait.until(lambda b: b.find_element(By.ID, "refused").text)
    browser.find_element(By.ID, "password").clear()
    browser.find_element(By.ID, "password").send_keys(server.passwords["leader"])
    browser.find_element(By.CSS_SELECTOR, "#sign_in button").click()
    wait.until(lambda b: b.execute_script("return document.body.dataset.ready"))
    wait.until(lambda b: b.find_elements(By.CSS_SELECTOR, "#detail table tr"))
    assert len(browser.find_elements(By.CSS_SELECTOR, "#legend i")) >= 4
    district = browser.find_element(By.CSS_SELECTOR, "#detail h2").text
    ActionChains(browser).move_to_element(browser.find_element(By.ID, "map")).click().perform()
    wait.until(lambda b: b.find_element(By.CSS_SELECTOR, "#detail h2").text != district)
    chain = browser.find_elements(By.CSS_SELECTOR, "#detail .chain li")
    assert len(chain) == 3  # village, town, district
    records = browser.find_element(By.LINK_TEXT, {"zh": "记录"}.get(browser.execute_script("return document.documentElement.lang")[:2], "records"))
    assert "/api/v1/" in records.get_attribute("href")
    language = browser.execute_script("return document.documentElement.lang")
    browser.find_element(By.ID, "language").click()
    assert browser.execute_script("return document.documentElement.lang") != language
    strangers = [a for a in addresses(browser) if not a.startswith((server.base, "data:", "blob:", "chrome"))]
    assert strangers == []
    severe = [e for e in browser.get_log("browser") if e["level"] == "SEVERE" and "401" not in e["message"]]
    assert severe == []


def test_the_contract_has_a_page(server, browser):
    browser.get(server.base + "/docs")
    found = lambda b: b.execute_script("return document.querySelector('rapi-doc')?.shadowRoot?.textContent.includes('Hazards') || document.querySelector('rapi-doc')?.shadowRoot?.textContent.includes('hazards')")
    WebDriverWait(browser, 30).until(found)
    time.sleep(1)
    assert [a for a in addresses(browser) if not a.startswith((server.base, "data:", "blob:", "chrome"))] == []
