"""Addresses of accounts and profiles."""

from django.urls import path

from terrace.members import console
from terrace.members.urls.accounts import login, logout
from terrace.members.views import entry, profile, settings

app_name = "members"
urlpatterns = [
    path("accounts/login/", login, name="sign_in"),
    path("accounts/logout/", logout, name="sign_out"),
    path("accounts/signup/", entry.sign_up, name="sign_up"),
    path("accounts/signup/finish/", entry.sign_up_finish, name="sign_up_finish"),
    path("accounts/password/reset/finish/", entry.reset_finish, name="reset_finish"),
    path("accounts/login/code/finish/", entry.code_sign_in_finish, name="code_sign_in_finish"),
    path("demo/sign-in/<str:handle>/", entry.demo_sign_in, name="demo_sign_in"),
    path("welcome/", profile.welcome, name="welcome"),
    path("suspended/", profile.suspended, name="suspended"),
    path("people/", profile.member_list, name="member_list"),
    path("u/<str:handle>/", profile.profile, name="profile"),
    path("u/<str:handle>/follow/", profile.follow, name="follow"),
    path("u/<str:handle>/mute/", profile.mute, name="mute"),
    path("u/<str:handle>/block/", profile.block, name="block"),
    path("u/<str:handle>/release/", profile.release, name="release"),
    path("settings/", settings.account, name="settings"),
    path("settings/handle/", settings.handle, name="settings_handle"),
    path("settings/password/", settings.password, name="settings_password"),
    path("settings/contact/", settings.contact, name="contact"),
    path("settings/contact/finish/", settings.contact_finish, name="contact_finish"),
    path("settings/contact/<str:channel>/remove/", settings.contact_remove, name="contact_remove"),
    path("settings/profile/", settings.profile, name="settings_profile"),
    path("settings/profile/picture/", settings.avatar, name="settings_avatar"),
    path("settings/security/", settings.security, name="settings_security"),
    path("settings/security/sessions/<int:number>/end/", settings.session_end, name="session_end"),
    path("settings/security/sessions/end/", settings.sessions_end, name="sessions_end"),
    path("settings/people/", settings.people, name="settings_people"),
    path("settings/data/", settings.data, name="settings_data"),
    path("settings/data/export/", settings.export, name="export"),
    path("settings/data/delete/", settings.delete, name="delete"),
    path("console/members/", console.console_members, name="console_members"),
    path("console/members/<int:number>/", console.console_member, name="console_member"),
    path("console/members/<int:number>/suspend/", console.console_suspend, name="console_suspend"),
    path("console/members/<int:number>/unsuspend/", console.console_unsuspend, name="console_unsuspend"),
    path("console/members/<int:number>/role/", console.console_role, name="console_role"),
    path("console/members/<int:number>/title/", console.console_title, name="console_title"),
    path("console/members/<int:number>/note/", console.console_note, name="console_note"),
    path("console/invitations/", console.console_invitations, name="console_invitations"),
    path("console/invitations/new/", console.console_invite, name="console_invite"),
    path("console/invitations/<int:number>/revoke/", console.console_revoke, name="console_revoke"),
    path("console/registration/", console.console_registration, name="console_registration"),
    path("console/levels/", console.console_levels, name="console_levels"),
    path("console/audit/", console.console_audit, name="console_audit"),
]
