# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How a box is reached: the options that every bt_ module of one box has."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation only; the matching argument specification is added by module_utils/_edge.py."""

    DOCUMENTATION = r"""
options:
  host:
    description:
      - The box's B(own) host name or address, never the public name of its site.
      - Taken from the environment variable E(BT_HOST) when not given. On a local connection it is taken from the
        variable C(ansible_host) of the host that the task is delegated to, and likewise every other option here from
        the variable C(bt_) plus the option's name.
    type: str
  port:
    description:
      - TCP port of the box's TLS service.
      - Taken from the environment variable E(BT_PORT) when not given.
    type: int
    default: 443
  appliance_username:
    description:
      - Account of the C(/appliance) administration site.
      - Taken from the environment variable E(BT_APPLIANCE_USERNAME) when not given.
    type: str
  appliance_password:
    description:
      - Password of O(appliance_username). A refused log-in is never tried again.
      - Taken from the environment variable E(BT_APPLIANCE_PASSWORD) when not given.
    type: str
  login_username:
    description:
      - Account of the C(/login) administration site.
      - Taken from the environment variable E(BT_LOGIN_USERNAME) when not given.
    type: str
  login_password:
    description:
      - Password of O(login_username). A refused log-in is never tried again.
      - Taken from the environment variable E(BT_LOGIN_PASSWORD) when not given.
    type: str
  api_client_id:
    description:
      - OAuth client id of an API account. Without one the web pages do what they can.
      - Taken from the environment variable E(BT_API_CLIENT_ID) when not given.
    type: str
  api_client_secret:
    description:
      - OAuth client secret that belongs to O(api_client_id).
      - Taken from the environment variable E(BT_API_CLIENT_SECRET) when not given.
    type: str
  ca_path:
    description:
      - File with the certificates of the authorities that the box's certificate is verified against, in PEM.
      - The system's store is used when it is given neither here nor in the environment variable E(BT_CA_PATH).
    type: path
  validate_certs:
    description:
      - Whether the box's certificate is verified.
      - Taken from the environment variable E(BT_VALIDATE_CERTS) when not given.
    type: bool
    default: true
  tls_name:
    description:
      - Name that the box's certificate must carry, where that is not O(host).
      - Taken from the environment variable E(BT_TLS_NAME) when not given.
    type: str
  language:
    description:
      - Language of the box's pages, for instance V(en) or V(nl).
      - Taken from the environment variable E(BT_LANGUAGE) when not given.
    type: str
    default: en
  labels_file:
    description:
      - File in YAML or JSON with words that the box's pages show and that this collection does not know, or words of a
        language that it does not have. It lies on the machine that runs the task.
      - Taken from the environment variable E(BT_LABELS) when not given, and on a local connection from the variable
        C(bt_labels).
    type: path
  manual_steps:
    description:
      - Steps that a person does on the box, instead of this collection on its pages. The step is written out, and the
        run waits until its effect is seen on the box. Nobody is prompted.
      - With V(all), no page of the box is opened at all, and everything is read by its APIs, so an API account is
        needed. What they do not tell stays unknown.
      - Taken from the environment variable E(BT_MANUAL_STEPS), separated by commas, when not given.
    type: list
    elements: str
    choices: [all, backup, sync, break, establish, shared_ip, check, install, client_limit, download_key, upload]
    default: []
  manual_timeout:
    description:
      - Seconds for which the effect of a step in O(manual_steps) is waited for. Then the task fails with the error
        V(needs_person), and the same task goes on later.
      - Taken from the environment variable E(BT_MANUAL_TIMEOUT) when not given.
    type: float
    default: 3600
  web_engine:
    description:
      - Who opens the pages of the box.
      - With V(http) requests do, which cannot understand pages that are drawn by JavaScript.
      - With V(browser) a Chromium does. It needs the Python library C(playwright) and an installed Chromium on the
        machine that runs the task.
      - With V(auto) requests do until a page is drawn by JavaScript, and from there on a Chromium does where there is
        one.
      - Taken from the environment variable E(BT_WEB_ENGINE) when not given.
    type: str
    choices: [http, browser, auto]
    default: auto
  serial:
    description:
      - Serial number or appliance id that the box must have. Any other box is refused before anything is done.
      - Taken from the environment variable E(BT_SERIAL) when not given.
    type: str
  box:
    description:
      - Name of the box in messages and in the journal. By default O(host).
    type: str
  run_dir:
    description:
      - Folder of the site's run. Its journal and its backups lie there.
      - Taken from the environment variable E(BT_RUN_DIR) when not given. On a local connection it is made of the
        variables C(bt_run_dir) and C(bt_site).
    type: path
  take_over:
    description:
      - Name of the person who says that the run that holds the site, on another machine, is dead. It is then replaced
        once it has been silent for 30 seconds; without a name after 180. A run that is seen alive is never replaced.
      - Taken from the environment variable E(BT_TAKE_OVER) when not given, and on a local connection from the variable
        C(bt_take_over).
    type: str
  window_end:
    description:
      - Date and time at which the maintenance window ends, such as V(2026-11-25T04:00:00+01:00); without an offset in
        the local time of this machine. After it no data sync, break, update of a box, cut-over or restore is begun.
        What was begun is brought to its end, and a product follows its base software.
      - Taken from the environment variable E(BT_WINDOW_END) when not given, and on a local connection from the variable
        C(bt_window_end).
    type: str
  support_case:
    description:
      - Number of the case in which the vendor's support has let go of a box whose update to other base software failed.
        Without one nothing is done to such a box. It is written to the journal, and good for one failure.
      - Taken from the environment variable E(BT_SUPPORT_CASE) when not given, and on a local connection from the
        variable C(bt_support_case).
    type: str
  phase:
    description:
      - Phase of the run that this task belongs to. It stands in the journal and in the summary.
    type: str
"""

    PEER = r"""
options:
  peer:
    description:
      - The other box of the pair, reached as this one is. What tells which box it is (name, port, serial number) is not
        taken from the environment.
    type: dict
    suboptions:
      host:
        description: The other box's own host name or address.
        type: str
      port:
        description: TCP port of the other box's TLS service.
        type: int
        default: 443
      appliance_username:
        description:
          - Account of its C(/appliance) administration site.
          - Taken from the environment variable E(BT_APPLIANCE_USERNAME) when not given.
        type: str
      appliance_password:
        description:
          - Password of O(peer.appliance_username).
          - Taken from the environment variable E(BT_APPLIANCE_PASSWORD) when not given.
        type: str
      login_username:
        description:
          - Account of its C(/login) administration site.
          - Taken from the environment variable E(BT_LOGIN_USERNAME) when not given.
        type: str
      login_password:
        description:
          - Password of O(peer.login_username).
          - Taken from the environment variable E(BT_LOGIN_PASSWORD) when not given.
        type: str
      api_client_id:
        description:
          - OAuth client id of an API account on it.
          - Taken from the environment variable E(BT_API_CLIENT_ID) when not given.
        type: str
      api_client_secret:
        description:
          - OAuth client secret that belongs to O(peer.api_client_id).
          - Taken from the environment variable E(BT_API_CLIENT_SECRET) when not given.
        type: str
      ca_path:
        description:
          - Certificates that its certificate is verified against, in PEM.
          - Taken from the environment variable E(BT_CA_PATH) when not given.
        type: path
      validate_certs:
        description:
          - Whether its certificate is verified.
          - Taken from the environment variable E(BT_VALIDATE_CERTS) when not given.
        type: bool
        default: true
      tls_name:
        description: Name that its certificate must carry, where that is not O(peer.host).
        type: str
      language:
        description:
          - Language of its pages.
          - Taken from the environment variable E(BT_LANGUAGE) when not given.
        type: str
        default: en
      labels_file:
        description:
          - File with words of its pages, in YAML or JSON.
          - Taken from the environment variable E(BT_LABELS) when not given.
        type: path
      manual_steps:
        description:
          - Steps that a person does on it.
          - Taken from the environment variable E(BT_MANUAL_STEPS) when not given.
        type: list
        elements: str
        choices: [all, backup, sync, break, establish, shared_ip, check, install, client_limit, download_key, upload]
        default: []
      manual_timeout:
        description:
          - Seconds for which the effect of such a step is waited for.
          - Taken from the environment variable E(BT_MANUAL_TIMEOUT) when not given.
        type: float
        default: 3600
      web_engine:
        description:
          - Who opens its pages; requests, a Chromium, or requests until JavaScript draws a page.
          - Taken from the environment variable E(BT_WEB_ENGINE) when not given.
        type: str
        choices: [http, browser, auto]
        default: auto
      serial:
        description: Serial number or appliance id that it must have.
        type: str
      box:
        description: Its name in messages and in the journal. By default O(peer.host).
        type: str
"""

    SITE = r"""
options:
  site_hostname:
    description:
      - Public host name of the site, the one that users know.
    type: str
  site_port:
    description:
      - Port on which users reach the site.
    type: int
    default: 443
  site_address:
    description:
      - Address at which users reach the site, where the machine that runs the task does not resolve O(site_hostname)
        as they do. TLS is verified under O(site_hostname) all the same.
    type: str
  dns_server:
    description:
      - Name server that is asked for the addresses of O(site_hostname) where there is no O(site_address). By default
        the machine that runs the task resolves the name as it does any other. Needs the Python library dnspython.
      - On a local connection it is taken from the variable C(bt_dns_server), and O(dns_port) from C(bt_dns_port).
    type: str
  dns_port:
    description:
      - Port of O(dns_server).
    type: int
    default: 53
"""
