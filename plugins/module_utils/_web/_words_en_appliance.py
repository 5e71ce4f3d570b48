# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""English words of the pages under ``/appliance``. The sources are sections of appliance-interface.md."""

from __future__ import annotations

from ansible_collections.bt_ops.pra.plugins.module_utils._web._word import Word, documented, guessed, translated

_STATUS: dict[str, tuple[Word, ...]] = {
    "basics.serial": (
        *documented("6.2", "Serial Number"),
        *guessed("Serial", "Serial No", "Serial #", "Appliance Serial Number", "Appliance Serial"),
    ),
    "basics.base_version": (
        *documented("6.2", "Base Software Version"),
        *guessed("Base Software", "Base Version", "Base", "Software Version"),
    ),
    "basics.appliance_version": (*documented("6.2", "Appliance Version"), *guessed("Appliance Model", "Model")),
    "basics.appliance_id": (
        *translated("2.2", "Appliance ID"),
        *guessed("Appliance GUID", "GUID", "Appliance Identifier", "Unique ID", "UUID", "Device ID"),
    ),
    "basics.system_time": (
        *documented("6.2", "System Time"),
        *guessed("Current Time", "Appliance Time", "Date and Time", "Time", "Current System Time", "System Date"),
    ),
    "basics.host_name": guessed("Host Name", "Hostname", "Primary Hostname", "Appliance Hostname", "System Name"),
    "information.product_version": (
        *documented("7.5", "Product Version"),
        *guessed("Site Version", "Software Version", "Version"),
    ),
    "information.product_build": (
        *documented("7.5", "Product Build"),
        *guessed("Build", "Build Number", "Software Build", "Revision"),
    ),
    "reset.factory": (
        *translated("6.2", "Reset Appliance to Factory Defaults"),
        *guessed("Reset to Factory Defaults", "Factory Reset", "Restore Factory Defaults", "Reset Appliance"),
    ),
    "reset.running": guessed(
        "being reset", "reset is in progress", "resetting", "reset to factory defaults has started",
    ),
    "shutdown": (
        *translated("6.2", "Shut Down This Appliance"),
        *guessed("Shutdown This Appliance", "Shut Down Appliance", "Shut Down", "Shutdown", "Power Off"),
    ),
    "shutdown.running": guessed("shutting down", "is being shut down"),
}

_UPDATES: dict[str, tuple[Word, ...]] = {
    "updates.base": (*documented("6.3", "Base Software"), *guessed("Base")),
    "updates.check": (*documented("6.3", "Check for Updates"), *guessed("Check Now", "Check", "Check for New Updates")),
    "updates.checking": guessed("checking for updates", "check for updates is in progress"),
    "updates.available": (
        *documented("6.3", "Available Updates"),
        *guessed("Updates Available", "Available Packages", "Available Software"),
    ),
    "updates.install": (
        *documented("6.3", "Install This Update"),
        *guessed("Install Update", "Install", "Install Now", "Install this package", "Install Package"),
    ),
    "updates.blocked": (
        *documented("6.3", "{package} does not satisfy {requirement}"),
        *guessed(
            "does not meet the requirements", "requires {requirement} to be installed", "must be installed first",
            "cannot be installed until", "requirements are not met",
        ),
    ),
    "updates.none": guessed(
        "no updates available", "no updates are available", "there are no updates", "no available updates",
        "no new updates", "no updates were found", "no updates found", "no updates to install", "is up to date",
        "are up to date",
    ),
    "updates.installing": guessed(
        "is being installed", "is being downloaded", "being installed", "being downloaded",
        "installation is in progress", "installation in progress", "installation has started",
        "install is in progress", "install in progress", "update is in progress", "update in progress",
        "update has started", "download is in progress", "download in progress", "currently installing",
        "currently downloading", "is installing", "is downloading", "installing update", "installing {package}",
        "downloading {package}",
    ),
    "updates.installable": (
        *documented("6.3", "available to be installed"),
        *guessed(
            "can be installed", "may be installed", "ready to be installed", "must be installed", "to be installed"
        ),
    ),
    "updates.failed": guessed(
        "installation failed", "installation has failed", "installation of {package} failed",
        "installation of {package} has failed", "update failed", "update has failed", "could not be installed",
        "failed to install", "install failed",
    ),
    "updates.download_failed": guessed(
        "download failed", "download has failed", "could not be downloaded", "failed to download", "downloading failed",
        "download of {package} failed", "download of {package} has failed", "unable to download",
        "cannot be downloaded", "error downloading", "error while downloading", "download was not successful",
    ),
    "updates.unreachable": guessed(
        "could not contact the update server", "unable to contact the update server",
        "could not reach the update server", "unable to reach the update server",
        "could not connect to the update server", "unable to connect to the update server",
        "update server could not be", "failed to check for updates", "unable to check for updates",
        "error checking for updates",
    ),
    "updates.download_key": (
        *translated("6.3", "Appliance Download Key"),
        *guessed("Download Key", "Get Appliance Download Key", "Show Appliance Download Key", "Generate Download Key"),
    ),
    "updates.manual": (
        *translated("6.3", "Manual Installation"),
        *guessed("Manual Install", "Manual Update", "Upload Update"),
    ),
    "updates.file": guessed(
        "Update File", "File", "Package", "Package File", "Update Package", "Software Package", "Select File",
        "Choose File", "Browse", "Software Update", "Update", "Software File", "Installation Package",
    ),
    "updates.upload": (
        *translated("6.3", "Update Software"),
        *guessed("Upload", "Upload Update", "Upload and Install", "Install", "Upload Package"),
    ),
    "eula.title": (
        *documented("6.3", "EULA"),
        *guessed(
            "End User License Agreement", "End-User License Agreement", "License Agreement", "Licence Agreement",
            "End User Licence Agreement", "Software License Agreement",
        ),
    ),
    "eula.accept": guessed(
        "I accept the license agreement", "I accept the terms of the license agreement", "I accept the agreement",
        "I agree to the license agreement", "I have read and accept the license agreement", "I accept the EULA",
        "Accept the EULA", "Accept License Agreement", "Accept EULA", "Accept Agreement", "I accept", "Accept",
        "I agree", "Agree", "Accept and Install", "Accept and Continue", "Agree and Continue", "I accept the terms",
        "I agree to the terms", "I have read and agree to the license agreement",
        "I have read and accept the End User License Agreement",
    ),
    "eula.name": guessed(
        "Name", "Your Name", "Full Name", "Accepted by", "Name of the person accepting", "Signed by",
        "Your full name",
    ),
}

_NETWORK: dict[str, tuple[Word, ...]] = {
    "ip.address": guessed("IP Address", "Address", "IP", "IPv4 Address"),
    "ip.enabled": (*translated("6.2", "Enabled"), *guessed("Enable", "Active", "Enable this IP address", "IP Enabled")),
    "ip.save": (*documented("6.2", "Save Changes"), *guessed("Save", "Apply", "Apply Changes", "Update", "Submit")),
    "ip.edit": guessed("Edit", "Edit IP", "Edit IP Address", "Change", "Modify", "Details", "Show details"),
    "ip.shared": guessed("Shared IP", "Shared IP Address", "Shared"),
    "ip.ntp": (*documented("6.2", "NTP Server"), *guessed("NTP", "Time Server")),
}

_CERTIFICATES: dict[str, tuple[Word, ...]] = {
    "certificates.list": (
        *documented("6.2", "Certificates", "Other Certificates"),
        *guessed("Installed Certificates", "Available Certificates"),
    ),
    "certificates.installation": documented("6.2", "Certificate Installation"),
    "certificates.export": (
        *documented("6.2", "Export"),
        *guessed("Export Certificate", "Export Certificates", "Download", "Download Certificate"),
    ),
    "certificates.import": (
        *documented("6.2", "Import"),
        *guessed("Import Certificate", "Import a Certificate", "Import Certificates"),
    ),
    "certificates.action": guessed("Action", "Actions", "Select Action", "Choose Action", "With selected"),
    "certificates.apply": guessed("Apply", "Go", "Submit", "OK", "Perform Action"),
    "certificates.file": guessed(
        "Certificate File", "File", "Browse", "Select File", "Choose File", "Certificate", "Certificate to Import",
        "Certificate or Key File",
    ),
    "certificates.upload": (
        *translated("6.2", "Upload"),
        *guessed("Import", "Upload Certificate", "Import Certificate"),
    ),
    "certificates.include_certificate": (
        *translated("6.2", "Include Certificate"),
        *guessed("Certificate", "Include the Certificate", "Export Certificate"),
    ),
    "certificates.include_key": (
        *translated("6.2", "Include Private Key"),
        *guessed("Private Key", "Include Key", "Include the Private Key", "Export Private Key"),
    ),
    "certificates.include_chain": (
        *translated("6.2", "Include Certificate Chain"),
        *guessed("Certificate Chain", "Include Chain", "Chain", "Include the Chain", "Include the Certificate Chain"),
    ),
    "certificates.passphrase": (
        *translated("6.2", "Passphrase"),
        *guessed("Private Key Passphrase", "Key Passphrase", "Password", "Pass phrase", "Private Key Password"),
    ),
    "certificates.passphrase_again": guessed(
        "Confirm Passphrase", "Passphrase Again", "Repeat Passphrase", "Confirm Password", "Retype Passphrase",
        "Verify Passphrase",
    ),
    "certificates.issued_to": (
        *translated("6.2", "Issued To"),
        *guessed("Subject", "Common Name", "Name (Common Name)"),
    ),
    "certificates.issued_by": guessed("Issued By", "Issuer"),
    "certificates.expires": guessed("Expires", "Expiration", "Expiration Date", "Valid To", "Valid Until", "Not After"),
    "certificates.private_key": guessed("Private Key", "Private Key?", "Has Private Key", "Key"),
    "certificates.friendly_name": (
        *documented("6.2", "Certificate Friendly Name"),
        *guessed("Friendly Name", "Certificate Name", "Name", "Certificate"),
    ),
    "certificates.fingerprint": guessed(
        "SHA-256 Fingerprint", "Fingerprint (SHA-256)", "SHA256 Fingerprint", "Fingerprint", "Certificate Fingerprint",
        "SHA-1 Fingerprint", "Fingerprint (SHA-1)", "SHA1 Fingerprint", "Thumbprint",
    ),
    "certificates.warnings": guessed("Warnings", "Warning"),
    "certificates.no_warnings": guessed("None", "No", "No warnings", "OK", "0", "Valid", "-", "n/a"),
    "certificates.warning_text": guessed(
        "warning", "has expired", "is expired", "expired on", "will expire", "expires soon", "not yet valid",
        "not trusted", "untrusted", "chain is incomplete", "incomplete chain", "incomplete certificate chain",
        "chain is broken", "missing intermediate", "intermediate certificate is missing", "issuer is missing",
        "missing issuer", "missing private key", "private key is missing", "no private key", "does not match",
        "is not valid for", "revoked",
    ),
    "certificates.assign_ip": (*translated("6.2", "Assign IP"), *guessed("Assign IP Addresses", "Assign IP Address")),
    "certificates.save": (
        *translated("6.2", "Save Configuration"),
        *guessed("Save Changes", "Save", "Apply", "Save IP Assignment"),
    ),
    "certificates.automatic": (
        *documented("6.2", "SSL Certificate Auto-Selection"),
        *guessed("Certificate Auto-Selection", "certificate is selected automatically"),
    ),
}

APPLIANCE: dict[str, tuple[Word, ...]] = {**_STATUS, **_UPDATES, **_NETWORK, **_CERTIFICATES}
