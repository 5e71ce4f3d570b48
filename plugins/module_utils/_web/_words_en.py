# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""English words: menus, log-in, the pages under ``/login``, and what all pages share.

The sources are sections of appliance-interface.md; every key of the catalogue is in `ENGLISH`.
"""

from __future__ import annotations

from ansible_collections.bt_ops.pra.plugins.module_utils._web._word import Word, documented, guessed, translated
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words_en_appliance import APPLIANCE
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words_offline import OFFLINE_ENGLISH

_MENU: dict[str, tuple[Word, ...]] = {
    "menu.status": documented("6.1", "Status"),
    "menu.basics": (*documented("6.1", "Basics"), *guessed("Appliance Details", "View Appliance Details", "Basic")),
    "menu.health": documented("6.1", "Health"),
    "menu.networking": (*documented("6.1", "Networking"), *guessed("Network", "Network Configuration")),
    "menu.ip_configuration": (*documented("6.1", "IP Configuration"), *guessed("IP Addresses", "IP Settings", "IP")),
    "menu.security": documented("6.1", "Security"),
    "menu.certificates": (*documented("6.2", "Certificates", "Other Certificates"), *guessed("SSL Certificates")),
    "menu.administration": documented("6.1", "Appliance Administration"),
    "menu.updates": (*documented("6.1", "Updates"), *guessed("Update", "Software Updates")),
    "menu.static_routes": (*documented("6.1", "Static Routes"), *guessed("Routes", "Routing")),
    "menu.snmp": documented("6.1", "SNMP"),
    "menu.tls": (
        *documented("6.1", "TLS Configuration", "SSL/TLS Configuration", "SSL Configuration"),
        *guessed("TLS"),
    ),
    "menu.email": (*documented("6.1", "Email Configuration"), *guessed("Email", "E-mail Configuration", "SMTP")),
    "menu.support": documented("6.1", "Support"),
    "menu.users": documented("6.1", "Users"),
    "menu.information": (*documented("7.5", "Information"), *guessed("Site Information", "Site Status")),
    "menu.management": documented("7", "Management"),
    "menu.software": documented("7", "Software", "Software Management"),
    "menu.failover": documented("7", "Failover"),
    "menu.jump": (*documented("7", "Jump"), *documented("0", "Asset Management")),
    "menu.jump_clients": (*documented("7.4", "Jump Clients"), *documented("0", "Asset Clients")),
    "menu.configuration": documented("7", "Configuration"),
    "menu.options": guessed("Options"),
    "menu.teams": (*documented("5", "Teams"), *guessed("Access Teams")),
    "menu.access_console": documented("7", "Access Console"),
    "menu.access_console_settings": guessed("Access Console Settings"),
    "menu.custom_links": guessed("Custom Links"),
    "menu.canned_scripts": guessed("Canned Scripts"),
    "menu.special_actions": guessed("Special Actions"),
    "menu.access_invite": guessed("Access Invite"),
    "menu.jump_item_roles": (*documented("5", "Jump Item Roles", "Jump Roles"), *guessed("Asset Roles")),
    "menu.users_and_security": documented("7", "Users & Security"),
    "menu.group_policies": documented("5", "Group Policies"),
    "menu.session_policies": documented("5", "Session Policies"),
    "menu.security_providers": documented("5", "Security Providers"),
    "menu.jump_groups": (*documented("5", "Jump Groups"), *documented("0", "Asset Groups")),
    "menu.jump_policies": (*documented("5", "Jump Policies"), *documented("0", "Asset Policies")),
    "menu.gateways": (*documented("5", "Jumpoints", "Jumpoint"), *documented("0", "Gateways", "Gateway")),
    "menu.site_configuration": documented("7", "Site Configuration"),
    "menu.outbound_events": documented("7", "Outbound Events"),
    "menu.api_configuration": documented("7", "API Configuration"),
    "menu.logout": (
        *guessed("Log Out", "Logout", "Log off", "Logoff", "Sign Out", "Sign off", "End Session"),
    ),
}

_LOGIN: dict[str, tuple[Word, ...]] = {
    "login.username": (
        *documented("8", "Username"),
        *guessed("User name", "User", "User ID", "Login", "Login name", "Account", "Account name"),
    ),
    "login.password": documented("8", "Password"),
    "login.submit": (
        *documented("8", "Login"),
        *guessed("Log In", "Log on", "Logon", "Sign In", "Sign on", "Enter", "Submit", "Continue", "Next", "Go", "OK"),
    ),
    "login.refused": guessed(
        "invalid credentials", "invalid username", "invalid user name", "invalid login", "incorrect username",
        "incorrect password", "password is incorrect", "wrong username", "wrong password", "login failed",
        "log in failed", "authentication failed", "could not log you in", "not recognized", "not recognised",
        "do not match our records", "access denied",
    ),
    "login.locked": guessed(
        "account is locked", "account has been locked", "account locked", "locked out", "too many failed",
        "too many login attempts", "too many attempts", "account is disabled", "account has been disabled",
        "temporarily disabled",
    ),
    "login.second_factor": guessed(
        "authentication code", "verification code", "one-time code", "one-time password", "one time password",
        "security code", "two-factor", "two factor", "multi-factor", "second factor", "authenticator", "security key",
        "passkey", "token code",
    ),
    "login.single_sign_on": (
        *documented("11.2", "SAML"),
        *guessed(
            "Single Sign-On", "Single Sign On", "SSO", "Use SAML Authentication", "Log in with SAML",
            "Login with SAML", "Sign in with SAML", "Log in with SSO", "Login with SSO", "Sign in with SSO",
            "SAML Login", "SAML Authentication", "Use SAML", "Identity provider", "Company login",
        ),
    ),
    "agreement.accept": guessed(
        "Accept", "I Accept", "Agree", "I Agree", "Accept and continue", "Accept & continue",
        "I accept the agreement", "Accept agreement", "Continue", "Proceed", "OK",
    ),
    "agreement.agree": guessed("Accept", "I Accept", "Agree", "I Agree", "Accept and continue"),
    "agreement.title": (
        *documented("6.2", "Prerequisite Login Agreement"),
        *guessed("Login Agreement", "Log in Agreement", "Terms of Use", "Terms of Service", "Legal Notice", "Notice"),
    ),
    "password.current": guessed("Current Password", "Old Password", "Present Password"),
    "password.new": guessed("New Password", "Choose a new password"),
    "password.again": guessed(
        "Confirm New Password", "Confirm Password", "Repeat New Password", "Repeat Password", "New Password Again",
        "Retype Password", "Re-enter Password", "Verify Password", "Retype New Password", "Verify New Password",
        "Re-enter New Password", "Password Confirmation",
    ),
    "password.change": (
        *documented("8", "Change Password"),
        *guessed("Save", "Set Password", "Update Password", "Save Password", "Save Changes"),
    ),
    "password.must_change": guessed(
        "must change your password", "must change the password", "password must be changed", "password has expired",
        "password is expired", "change your password before", "choose a new password", "set a new password",
    ),
    "session.ended": guessed(
        "session has expired", "session expired", "session has ended", "session ended", "session has timed out",
        "session timed out", "you have been logged out", "you have been signed out", "please log in again",
        "page expired",
    ),
}

_SOFTWARE: dict[str, tuple[Word, ...]] = {
    "software.backup": (
        *documented("7.1", "Backup Settings"),
        *guessed("Backup", "Backup Configuration", "Download Backup", "Back Up Settings"),
    ),
    "backup.password": (
        *documented("7.1", "Backup Password"),
        *guessed("Password", "Encryption Password", "Passphrase"),
    ),
    "backup.confirm": (
        *documented("7.1", "Confirm Password"),
        *guessed(
            "Confirm Backup Password", "Confirm", "Password Again", "Repeat Password", "Retype Password",
            "Re-enter Password", "Verify Password", "Repeat Backup Password", "Password (Confirm)",
        ),
    ),
    "backup.history": (
        *documented("7.1", "Include logged history"),
        *guessed(
            "Include history", "Include logged history in the backup", "Include logging history", "Logged history",
        ),
    ),
    "backup.download": (
        *documented("7.1", "Download Backup"),
        *guessed("Download", "Create Backup", "Backup", "Save Backup"),
    ),
    "software.restore": (
        *translated("7.1", "Restore Settings"),
        *guessed("Restore", "Restore Backup", "Upload Backup", "Restore Configuration"),
    ),
    "restore.file": guessed(
        "Backup File", "File", "Backup", "Select File", "Choose File", "Browse", "Backup to restore",
        "Select a backup file", "Restore File", "Configuration Backup File",
    ),
    "restore.password": (
        *translated("7.1", "Backup Password", "Password"),
        *guessed("Restore Password", "Encryption Password", "Passphrase"),
    ),
    "restore.upload": (
        *translated("7.1", "Upload Backup"),
        *guessed("Upload", "Restore", "Restore Backup", "Restore Settings"),
    ),
    "restore.done": guessed(
        "backup was restored", "has been restored", "was successfully restored", "restore complete",
    ),
    "restore.running": guessed(
        "being restored", "restore is in progress", "restore in progress", "is restoring", "restoring the backup",
        "restore has started",
    ),
}

_FAILOVER: dict[str, tuple[Word, ...]] = {
    "failover.not_configured": (
        *documented("7.3", "Failover is currently not configured"),
        *guessed("Failover is not configured", "No failover relationship", "not in a failover relationship"),
    ),
    "failover.setup": (
        *documented("7.3", "Setup a Failover Relationship"),
        *guessed("Set up a Failover Relationship", "Set Up Failover", "Establish Failover Relationship"),
    ),
    "failover.new_backup": (
        *documented("7.3", "New Backup Site Connection Details"),
        *guessed("New Backup Site", "Backup Site Connection Details", "New Backup Connection Details"),
    ),
    "failover.reverse": (
        *documented("7.3", "Reverse Connection Details To This Primary Site"),
        *guessed("Reverse Connection Details", "Connection Details To This Primary Site", "Reverse Connection"),
    ),
    "failover.host": (
        *documented("7.3", "Host Name or IP Address"),
        *guessed(
            "Hostname or IP Address", "Host Name", "Hostname", "Host", "Hostname or IP", "Host Name or IP", "Address",
        ),
    ),
    "failover.port": (*documented("7.3", "TLS Port", "Port"), *guessed("SSL Port", "HTTPS Port", "TCP Port")),
    "failover.establish": (
        *documented("7.3", "Establish Relationship"),
        *guessed("Establish Failover Relationship", "Create Relationship", "Establish"),
    ),
    "failover.establishing": guessed(
        "relationship is being established", "establishing the relationship", "validating",
    ),
    "failover.status": (
        *documented("7.3", "This host's status"),
        *guessed("Status", "Failover Status", "Site Instance Status", "Role", "Failover Role"),
    ),
    "failover.primary_status": documented("7.3", "Primary Site Instance Status"),
    "failover.backup_status": documented("7.3", "Backup Site Instance Status"),
    "failover.sync_now": (
        *documented("7.3", "Sync Now"),
        *guessed("Synchronize Now", "Synchronise Now", "Synchronize", "Synchronise", "Data Sync Now", "Sync"),
    ),
    "failover.refresh": (*documented("7.3", "Refresh Status"), *guessed("Refresh")),
    "failover.break": (
        *documented("7.3", "Break Failover Relationship", "Break Failover Relationships"),
        *guessed("Break Relationship", "Break Failover", "Remove Failover Relationship", "Break Failover Relation"),
    ),
    "failover.become_primary": (*documented("7.3", "Become Primary"), *guessed("Make Primary", "Become the Primary")),
    "failover.become_backup": (*documented("7.3", "Become Backup"), *guessed("Make Backup", "Become the Backup")),
    "failover.pull_sync": (
        *documented(
            "7.3", "Check this box to pull a data-sync from the site instance at ({peer}) while becoming the primary",
            "Check this box to pull a data-sync from the site instance at ({peer}) while becoming the backup",
        ),
        *guessed("Pull a data-sync", "Pull a data sync first", "pull a data-sync from {peer}"),
    ),
    "failover.force": (
        *translated("7.3", "even if the peer cannot be contacted"),
        *guessed(
            "Check this box to become backup even if the peer cannot be contacted",
            "even if {peer} cannot be contacted",
        ),
    ),
    "failover.last_sync": (
        *documented("7.3", "The last data-sync was successfully pulled at {time}"),
        *guessed(
            "The last data-sync was pulled at {time}", "The last data-sync was successfully pushed at {time}",
            "The last data sync was completed at {time}", "The last data-sync was successfully completed at {time}",
            "The last data sync completed at {time}", "The last data sync was successful at {time}",
            "Last data sync completed at {time}", "Last data-sync: {time}", "Last data sync: {time}",
            "Last sync: {time}", "Last successful data sync: {time}", "Last data sync", "Last data-sync", "Last sync",
            "Last Data Sync Time", "Last successful data sync", "Last successful sync", "Last synchronization",
        ),
    ),
    "failover.last_sync_status": guessed(
        "Last Data Sync Status", "Last data-sync status", "Last sync status", "Data sync status", "Sync status",
        "Last sync result", "Data-sync status",
    ),
    "failover.syncing": guessed(
        "data sync is in progress", "data-sync is in progress", "data sync in progress", "data-sync in progress",
        "data-sync is running", "data sync is running", "data sync is currently", "data-sync is currently",
        "currently synchronizing", "currently syncing", "synchronization is in progress",
        "synchronization in progress", "synchronizing data", "syncing data", "sync in progress",
        "sync is in progress",
    ),
    "failover.sync_failed": guessed(
        "data sync failed", "data-sync failed", "data sync has failed", "data-sync has failed",
        "last data-sync was not successful", "last data sync was not successful", "sync failed",
        "synchronization failed", "synchronisation failed", "data-sync could not", "data sync could not",
        "synchronization error", "synchronisation error", "sync error", "error during the data-sync",
        "error during data sync", "could not be synchronized", "could not be synchronised",
    ),
    "failover.peer": (
        *documented("7.3", "Peer host's status"),
        *guessed("Peer", "Peer host", "Peer status", "Peer Address", "Failover peer", "Peer Site Instance"),
    ),
    "failover.automatic": (*documented("6.3", "Enable Automatic Failover"), *guessed("Automatic Failover")),
    "failover.key_differs": guessed(
        "pre-shared key does not match", "pre-shared keys do not match", "pre-shared key is not the same",
        "pre-shared key must", "pre-shared key differs",
    ),
    "security.pre_shared_key": (
        *documented("7.2", "Inter-appliance Communication Pre-shared Key"),
        *guessed("Inter-appliance Pre-shared Key", "Inter-appliance Communication Key", "Pre-shared Key"),
    ),
    "security.save": (*documented("6.2", "Save Changes"), *guessed("Save", "Apply", "Update", "Submit")),
}

_OTHER: dict[str, tuple[Word, ...]] = {
    "jump_clients.max_upgrades": (
        *documented(
            "7.4", "Maximum number of concurrent Jump Client upgrades",
            "Maximum number of concurrent Asset Client upgrades",
        ),
        *guessed("Maximum Concurrent Jump Client Upgrades", "Concurrent Jump Client upgrades"),
    ),
    "jump_clients.save": (*documented("6.2", "Save Changes"), *guessed("Save", "Apply", "Update", "Submit")),
    "jump_clients.pending": documented("11.5", "Upgrade Pending"),
    "confirm.yes": guessed(
        "Yes", "OK", "Confirm", "Continue", "Proceed", "Yes, continue", "I am sure", "Yes, I am sure", "Accept",
    ),
    "confirm.no": guessed("No", "Cancel", "Back", "Abort", "Go back"),
    "choice.on": guessed("Yes", "On", "Enabled", "Enable", "Active", "True"),
    "choice.off": guessed("No", "Off", "Disabled", "Disable", "Inactive", "False"),
    "javascript.needed": guessed(
        "enable JavaScript", "JavaScript is required", "requires JavaScript", "JavaScript to be enabled",
        "JavaScript must be enabled", "JavaScript is disabled", "without JavaScript",
    ),
    "error": guessed(
        "error", "failed", "could not", "cannot", "unable to", "invalid", "is required", "is not valid",
        "not allowed", "must not", "refused", "denied",
    ),
    "saved": guessed(
        "successfully saved", "saved successfully", "changes saved", "changes were saved", "changes have been saved",
        "settings saved", "settings were saved", "settings have been saved", "has been saved", "was saved", "saved",
        "successfully updated", "success",
    ),
    "not_permitted": guessed(
        "you do not have permission", "not permitted", "permission denied", "access is denied", "not authorized",
        "not authorised", "insufficient permission", "insufficient privileges", "Forbidden",
    ),
}

ENGLISH: dict[str, tuple[Word, ...]] = {
    **APPLIANCE, **_MENU, **_LOGIN, **_SOFTWARE, **_FAILOVER, **OFFLINE_ENGLISH, **_OTHER,
}
